@test "dies" { kill -9 $$; sleep 5; }
