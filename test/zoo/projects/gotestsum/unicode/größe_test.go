package zoo

import "testing"

func TestGröße(t *testing.T) {
	t.Run("zählt 數 🙂", func(t *testing.T) { t.Error("got é, want è") })
}
