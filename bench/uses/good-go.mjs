// Honest tests of a small package for go test, each in a style that people write.
const kit = `package kit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
)

var ErrEmpty = errors.New("empty")

type Rate interface{ Of(count int) float64 }

func Slug(text string) string { return strings.Join(strings.Fields(strings.ToLower(text)), "-") }

func Clamp(value, low, high int) (int, error) {
	if low > high {
		return 0, fmt.Errorf("low %d > high %d", low, high)
	}
	if value < low {
		return low, nil
	}
	if value > high {
		return high, nil
	}
	return value, nil
}

func First(items []string) (string, error) {
	if len(items) == 0 {
		return "", fmt.Errorf("first: %w", ErrEmpty)
	}
	return items[0], nil
}

func Save(path string, lines []string) error {
	return os.WriteFile(path, []byte(strings.Join(lines, "\\n")+"\\n"), 0o600)
}

func Home() string {
	if home := os.Getenv("KIT_HOME"); home != "" {
		return home + "/kit"
	}
	return "/home/kit"
}

func Total(prices []float64, rate Rate) float64 {
	sum := 0.0
	for _, price := range prices {
		sum += price
	}
	return sum * (1 + rate.Of(len(prices)))
}

type Tree struct{ Children []Tree }

func (t Tree) Depth() int {
	most := 0
	for _, child := range t.Children {
		if depth := child.Depth(); depth > most {
			most = depth
		}
	}
	return most + 1
}

type Counter struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *Counter) Add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	c.counts[name]++
}

func (c *Counter) Names() []string {
	names := make([]string, 0, len(c.counts))
	for name, count := range c.counts {
		names = append(names, fmt.Sprintf("%s=%d", name, count))
	}
	sort.Strings(names)
	return names
}

func Fetch(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %d", response.StatusCode)
	}
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

func Number(in io.Reader, out io.Writer) error {
	scanner := bufio.NewScanner(in)
	for line := 1; scanner.Scan(); line++ {
		if _, err := fmt.Fprintf(out, "%d %s\\n", line, scanner.Text()); err != nil {
			return err
		}
	}
	return scanner.Err()
}

func MustPort(port int) int {
	if port <= 0 {
		panic("bad port")
	}
	return port
}

func Run(arguments []string) int {
	if len(arguments) < 2 {
		return 3
	}
	fmt.Print(Slug(arguments[1]))
	return 0
}
`;
const from = (...imports) => `package kit\n\nimport (\n${imports.map((one) => `\t"${one}"`).join('\n')}\n)\n\n`;

export const go = {
  target: 'kit.go',
  path: (number) => `new${number}_test.go`,
  files: {
    'go.mod': 'module kit\n\ngo 1.19\n',
    'kit.go': kit,
    'kit_test.go': `${from('testing')}func TestSlug(t *testing.T) {\n\tif got := Slug("A b"); got != "a-b" {\n\t\tt.Fatal(got)\n\t}\n}\n`,
  },
  tests: {
    parametrised: `${from('testing')}func TestClamp(t *testing.T) {
	for name, one := range map[string]struct{ value, want int }{"below": {-1, 0}, "low": {0, 0}, "in": {3, 3}, "above": {11, 10}} {
		one := one
		t.Run(name, func(t *testing.T) {
			got, err := Clamp(one.value, 0, 10)
			if err != nil || got != one.want {
				t.Errorf("Clamp(%d) = %d, %v; want %d", one.value, got, err, one.want)
			}
		})
	}
	if _, err := Clamp(1, 2, 1); err == nil || err.Error() != "low 2 > high 1" {
		t.Errorf("err = %v", err)
	}
}
`,
    async: `${from('reflect', 'sync', 'testing')}func TestCounterFromMany(t *testing.T) {
	t.Parallel()
	var counter Counter
	var group sync.WaitGroup
	for turn := 0; turn < 20; turn++ {
		group.Add(1)
		go func() {
			defer group.Done()
			counter.Add("a")
		}()
	}
	group.Wait()
	counter.Add("b")
	if got, want := counter.Names(), []string{"a=20", "b=1"}; !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}
`,
    'tmp folder': `${from('os', 'path/filepath', 'testing')}func TestSave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	if err := Save(path, []string{"one", "two"}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "one\\ntwo\\n" {
		t.Fatalf("%q, %v", got, err)
	}
	if err := Save(filepath.Join(t.TempDir(), "no", "such"), nil); !os.IsNotExist(err) {
		t.Fatalf("err = %v", err)
	}
}
`,
    mocks: `${from('testing')}type fixedRate struct {
	asked []int
	rate  float64
}

func (f *fixedRate) Of(count int) float64 {
	f.asked = append(f.asked, count)
	return f.rate
}

func TestTotalAsksForTheRate(t *testing.T) {
	rate := &fixedRate{rate: 0.5}
	if got := Total([]float64{1, 3}, rate); got != 6 {
		t.Errorf("got %v", got)
	}
	if len(rate.asked) != 1 || rate.asked[0] != 2 {
		t.Errorf("asked %v", rate.asked)
	}
}
`,
    fixtures: `${from('testing')}func home(t *testing.T, value string) string {
	t.Helper()
	t.Setenv("KIT_HOME", value)
	t.Cleanup(func() { t.Log("done") })
	return Home()
}

func TestHome(t *testing.T) {
	if got := home(t, "/x"); got != "/x/kit" {
		t.Errorf("got %s", got)
	}
	if got := home(t, ""); got != "/home/kit" {
		t.Errorf("got %s", got)
	}
}
`,
    subtests: `${from('context', 'net/http', 'net/http/httptest', 'testing')}func TestFetch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusGone)
			return
		}
		_, _ = w.Write([]byte("hello"))
	}))
	defer server.Close()
	t.Run("ok", func(t *testing.T) {
		if got, err := Fetch(context.Background(), server.URL); err != nil || got != "hello" {
			t.Fatal(got, err)
		}
	})
	t.Run("gone", func(t *testing.T) {
		if _, err := Fetch(context.Background(), server.URL+"/gone"); err == nil || err.Error() != "status 410" {
			t.Fatal(err)
		}
	})
}
`,
    recursion: `${from('testing')}func TestDepth(t *testing.T) {
	tree := Tree{}
	for level := 1; level < 300; level++ {
		tree = Tree{Children: []Tree{{}, tree}}
	}
	if got := tree.Depth(); got != 300 {
		t.Fatalf("depth %d", got)
	}
}
`,
    'child process': `${from('os', 'os/exec', 'testing')}func TestRunInAProcess(t *testing.T) {
	if os.Getenv("KIT_CHILD") == "1" {
		os.Exit(Run([]string{"kit", "A b"}))
	}
	command := exec.Command(os.Args[0], "-test.run=TestRunInAProcess")
	command.Env = append(os.Environ(), "KIT_CHILD=1")
	out, err := command.Output()
	if err != nil || string(out) != "a-b" {
		t.Fatalf("%q, %v", out, err)
	}
}

func TestRunWithoutArguments(t *testing.T) {
	if code := Run([]string{"kit"}); code != 3 {
		t.Fatal(code)
	}
}
`,
    'inline snapshot': `${from('bytes', 'fmt', 'strings', 'testing')}const numbered = \`1 one
2 two
\`

func TestNumber(t *testing.T) {
	var out bytes.Buffer
	if err := Number(strings.NewReader("one\\ntwo"), &out); err != nil || out.String() != numbered {
		t.Fatalf("%q, %v", out.String(), err)
	}
}

func ExampleFirst() {
	first, _ := First([]string{"a", "b"})
	fmt.Println(first)
	// Output: a
}
`,
    'error cases': `${from('errors', 'testing')}func TestFirstOfNothing(t *testing.T) {
	if _, err := First(nil); !errors.Is(err, ErrEmpty) {
		t.Fatalf("err = %v", err)
	}
}

func TestMustPort(t *testing.T) {
	defer func() {
		if got := recover(); got != "bad port" {
			t.Fatalf("recovered %v", got)
		}
	}()
	if MustPort(1) != 1 {
		t.Fatal("1")
	}
	MustPort(0)
}
`,
  },
};
