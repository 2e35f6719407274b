@test "hangs" { sleep 600; }
