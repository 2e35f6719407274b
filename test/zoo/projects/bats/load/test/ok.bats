@test "holds" { true; }
