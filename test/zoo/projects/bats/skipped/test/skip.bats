@test "waits" { skip "later"; }
@test "holds" { true; }
