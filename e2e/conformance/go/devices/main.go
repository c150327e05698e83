// Records what the real DynamicResources plugin of kube-scheduler 1.36.3, with its allocator, says of pods that need
// devices. The same seeds give the same bytes.
//
//	go run . -out DIR [-seeds 1-60]
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/klog/v2"
)

func main() {
	out := flag.String("out", "recordings", "directory to write to")
	seeds := flag.String("seeds", "1-60", "first and last seed of the random scenarios")
	flag.Parse()
	klog.SetLogger(logr.Discard())
	var first, last int
	_, err := fmt.Sscanf(*seeds, "%d-%d", &first, &last)
	must(err)
	var random []*scenario
	for seed := first; seed <= last; seed++ {
		random = append(random, randomScenario(seed))
	}
	must(os.MkdirAll(*out, 0o755))
	record(filepath.Join(*out, "devices-hand.json"), handScenarios())
	record(filepath.Join(*out, "devices-random.json"), random)
}

// copied is what a reader of the recording gets: what is written is what was judged.
func copied[T any](in T) T {
	text, err := json.Marshal(in)
	must(err)
	var out T
	must(json.Unmarshal(text, &out))
	return out
}

func (c *cluster) objects() []runtime.Object {
	var out []runtime.Object
	for _, o := range c.Nodes {
		out = append(out, o)
	}
	for _, o := range c.Pods {
		out = append(out, o)
	}
	for _, o := range c.DeviceClasses {
		out = append(out, o)
	}
	for _, o := range c.ResourceClaims {
		out = append(out, o)
	}
	for _, o := range c.ResourceSlices {
		out = append(out, o)
	}
	return out
}

func judgeCase(c *cluster, t *testCase) {
	defer func() {
		if problem := recover(); problem != nil {
			panic(fmt.Sprintf("%s: %v", t.Name, problem))
		}
	}()
	pod := copied(t.Pod)
	subject := newSubject(append(copied(c).objects(), pod))
	defer subject.stop()
	t.Expect = subject.judge(pod)
}

func record(path string, scenarios []*scenario) {
	var work sync.WaitGroup
	slots := make(chan struct{}, 4)
	cases := 0
	for _, s := range scenarios {
		for _, t := range s.Cases {
			cases++
			work.Add(1)
			slots <- struct{}{}
			go func() {
				defer work.Done()
				judgeCase(s.Cluster, t)
				<-slots
			}()
		}
	}
	work.Wait()
	cases = 0
	for _, s := range scenarios {
		s.Cases = withOneError(s.Cases)
		cases += len(s.Cases)
	}
	var out bytes.Buffer
	out.WriteString("[\n")
	for i, s := range scenarios {
		if i > 0 {
			out.WriteString(",\n")
		}
		out.Write(line(s))
	}
	out.WriteString("\n]\n")
	must(os.WriteFile(path, out.Bytes(), 0o644))
	fmt.Printf("%s: %d scenarios, %d cases\n", filepath.Base(path), len(scenarios), cases)
}

// withOneError leaves out pods of which it depends on the order of nodes, which is random, with what error they end.
func withOneError(cases []*testCase) []*testCase {
	var out []*testCase
	for _, t := range cases {
		errors := map[string]bool{}
		for _, node := range t.Expect.Nodes {
			if node.Code == "Error" {
				errors[node.Reasons[0]] = true
			}
		}
		if len(errors) < 2 {
			out = append(out, t)
		}
	}
	return out
}

// line is one scenario without what the API types write for fields that are not set.
func line(s *scenario) []byte {
	text, err := json.Marshal(s)
	must(err)
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	must(decoder.Decode(&value))
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	must(encoder.Encode(tidy(value)))
	return bytes.TrimSpace(out.Bytes())
}

func tidy(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, each := range v {
			each = tidy(each)
			v[key] = each
			if each == nil && key == "creationTimestamp" {
				delete(v, key)
			}
			if m, ok := each.(map[string]any); ok && len(m) == 0 && (key == "status" || key == "resources" || key == "spec") {
				delete(v, key)
			}
		}
	case []any:
		for i := range v {
			v[i] = tidy(v[i])
		}
	}
	return value
}
