package zoo

import "testing"

func TestHolds(t *testing.T) {}

func TestWaits(t *testing.T) { t.Skip("waits") }
