package zoo

import "testing"

func TestAdds(t *testing.T) {}

func TestGroup(t *testing.T) {
	t.Run("nests", func(t *testing.T) {})
}
