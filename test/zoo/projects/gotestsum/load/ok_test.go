package zoo

import "testing"

func TestHolds(t *testing.T) {}
