package zoo

import (
	"os"
	"testing"
)

func TestKillsItsProcess(t *testing.T) {
	process, _ := os.FindProcess(os.Getpid())
	process.Kill()
	select {}
}
