// Command queue measures the real scheduling queue of kube-scheduler: each workload prints one line of JSON with the
// nanoseconds per operation of its phases. Workloads that are not named are left out.
//
//	queue [-runs 3] [workload...]
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"sort"

	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/scheduler/metrics"
)

func main() {
	runs := flag.Int("runs", 3, "runs per workload, after one to warm up; the median is printed")
	flag.Parse()
	metrics.Register()
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	for _, w := range workloads {
		if flag.NArg() > 0 && !slices.Contains(flag.Args(), w.name) {
			continue
		}
		w.run()
		phases := map[string][]float64{}
		for range *runs {
			for _, p := range w.run() {
				phases[p.name] = append(phases[p.name], p.nsPerOp)
			}
		}
		result := map[string]any{"workload": w.name}
		for name, ns := range phases {
			sort.Float64s(ns)
			result[name] = ns[len(ns)/2]
		}
		line, err := json.Marshal(result)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(line))
	}
}
