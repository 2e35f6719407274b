package zoo

import "testing"

func TestAdds(t *testing.T) {
	if got := 1 + 1; got != 3 {
		t.Fatalf("got %d, want %d", got, 3)
	}
}

func TestHolds(t *testing.T) {}
