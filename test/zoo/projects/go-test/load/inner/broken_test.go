package inner

import "testing"

func TestNeverSeen(t *testing.T) { undefinedName() }
