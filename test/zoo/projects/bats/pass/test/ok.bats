@test "holds" { true; }
@test "adds" { [ "$((1 + 1))" -eq 2 ]; }
