load missing-file
@test "never" { true; }
