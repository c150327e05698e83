package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// waitingPod is too large for any node. Three of four have been told so.
func waitingPod(i, namespaces int) *corev1.Pod {
	pod := samplePod(i, namespaces, 1)
	pod.Spec.NodeName = ""
	pod.Spec.Containers[0].Resources.Requests[corev1.ResourceCPU] = resource.MustParse("64")
	created := pod.CreationTimestamp
	pod.Status = corev1.PodStatus{Phase: corev1.PodPending, QOSClass: corev1.PodQOSBurstable}
	if i%4 != 0 {
		pod.Status.Conditions = []corev1.PodCondition{{
			Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: corev1.PodReasonUnschedulable, LastTransitionTime: created,
			Message: "0/100 nodes are available: 100 Insufficient cpu. preemption: 0/100 nodes are available: 100 Preemption is not helpful for scheduling.",
		}}
	}
	return pod
}

// churn replaces pods at a steady pace, each by a new one that waits as well, and changes ten nodes a second. Answers
// at once; it goes on for `seconds`.
func (s *server) churn(w http.ResponseWriter, r *http.Request) {
	perSecond, _ := strconv.Atoi(r.URL.Query().Get("perSecond"))
	seconds, _ := strconv.Atoi(r.URL.Query().Get("seconds"))
	go s.churnFor(time.Duration(seconds)*time.Second, perSecond)
	writeJSON(w, map[string]any{"perSecond": perSecond})
}

const tick = 20 * time.Millisecond

func (s *server) churnFor(duration time.Duration, perSecond int) {
	pods, nodes := s.collections["/api/v1/pods"], s.collections["/api/v1/nodes"]
	start := time.Now()
	sent, changed := 0, 0
	for since := time.Duration(0); since < duration; since = time.Since(start) {
		for ; sent < int(since.Seconds()*float64(perSecond)); sent += 2 {
			i := sent / 2 % len(pods.objects)
			s.send(pods, "DELETED", i)
			pods.objects[i] = sampleOf(waitingPod(1_000_000+sent, 50))
			s.send(pods, "ADDED", i)
		}
		for ; changed < int(since.Seconds()*10); changed++ {
			i := changed % len(nodes.objects)
			node := sampleNode(i)
			node.Status.Allocatable[corev1.ResourceCPU] = resource.MustParse(fmt.Sprint(16 + changed%2))
			nodes.objects[i] = sampleOf(node)
			s.send(nodes, "MODIFIED", i)
		}
		for _, st := range s.streamsOf(pods, nodes) {
			st.mu.Lock()
			st.flush()
			st.mu.Unlock()
		}
		time.Sleep(tick)
	}
}

func (s *server) send(c *collection, kind string, i int) {
	s.mu.Lock()
	s.version++
	version := s.version
	c.objects[i].version = version
	s.mu.Unlock()
	for _, st := range s.streamsOf(c) {
		st.mu.Lock()
		if !st.isOver {
			st.event(kind, i, version)
		}
		st.mu.Unlock()
	}
}

func (s *server) streamsOf(collections ...*collection) []*stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*stream
	for st := range s.streams {
		for _, c := range collections {
			if st.of == c {
				found = append(found, st)
			}
		}
	}
	return found
}

func sampleOf(object any) sample {
	raw := mustJSON(object)
	var named struct {
		Metadata struct{ Namespace, Name string }
	}
	if err := json.Unmarshal(raw, &named); err != nil {
		panic(err)
	}
	before, after, _ := bytes.Cut(raw, []byte("@RV@"))
	return sample{namespace: named.Metadata.Namespace, name: named.Metadata.Name, before: before, after: after}
}
