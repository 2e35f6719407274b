@test "adds" {
  got=2
  [ "$got" -eq 3 ]
}
@test "holds" { true; }
