package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/go-logr/logr"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/backend/queue"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/queuesort"
	"k8s.io/kubernetes/pkg/scheduler/metrics"
	testingclock "k8s.io/utils/clock/testing"
)

// The same workloads are in e2e/bench/queue/workloads.ts, step by step.
var workloads = []struct {
	name string
	run  func() []phase
}{
	{"addPopDone", func() []phase { return addPopDone(10000) }},
	{"flightDone", func() []phase { return flight(1000, 10000, false) }},
	{"flightHandBack", func() []phase { return flight(1000, 10000, true) }},
	{"parkedSkip", func() []phase { return parked(10000, 100, skip) }},
	{"parkedMatch", func() []phase { return parked(10000, 100, sameBucket) }},
	{"steady", func() []phase { return steady(200, 5000, 10) }},
}

type phase struct {
	name    string
	nsPerOp float64
}

type benchQueue struct {
	queue *queue.PriorityQueue
	clock *testingclock.FakeClock
	ctx   context.Context
	stop  chan struct{}
}

var (
	discard   = logr.Discard()
	nodeAdded = fwk.ClusterEvent{Resource: fwk.Node, ActionType: fwk.Add}
)

// newQueue has one plugin, Fit, that is registered for Node/Add. The recorder of metrics runs as in production.
func newQueue(hint fwk.QueueingHintFn) *benchQueue {
	b := &benchQueue{clock: testingclock.NewFakeClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), stop: make(chan struct{})}
	b.ctx = klog.NewContext(context.Background(), discard)
	hints := queue.QueueingHintMapPerProfile{"default-scheduler": {nodeAdded: {{PluginName: "Fit", QueueingHintFn: hint}}}}
	factory := informers.NewSharedInformerFactory(fake.NewSimpleClientset(), 0)
	b.queue = queue.NewPriorityQueue((&queuesort.PrioritySort{}).Less, factory,
		queue.WithClock(b.clock), queue.WithQueueingHintMapPerProfile(hints),
		queue.WithMetricsRecorder(metrics.NewMetricsAsyncRecorder(1000, time.Second, b.stop)))
	return b
}

func pods(n int) []*v1.Pod {
	out := make([]*v1.Pod, n)
	for i := range out {
		priority := int32((i * 7919) % 100)
		out[i] = &v1.Pod{
			ObjectMeta: metav1.ObjectMeta{
				Name: fmt.Sprintf("pod-%05d", i), Namespace: "default", UID: types.UID(fmt.Sprintf("uid-%05d", i)),
				Labels: map[string]string{"bucket": fmt.Sprint(i % 100)},
			},
			Spec: v1.PodSpec{SchedulerName: "default-scheduler", Priority: &priority},
		}
	}
	return out
}

func nodes(n int) []*v1.Node {
	out := make([]*v1.Node, n)
	for i := range out {
		out[i] = &v1.Node{ObjectMeta: metav1.ObjectMeta{
			Name: fmt.Sprintf("node-%05d", i), Labels: map[string]string{"bucket": fmt.Sprint(i % 100)},
		}}
	}
	return out
}

func skip(klog.Logger, *v1.Pod, any, any) (fwk.QueueingHint, error) { return fwk.QueueSkip, nil }

func sameBucket(_ klog.Logger, pod *v1.Pod, _, newObj any) (fwk.QueueingHint, error) {
	if newObj.(*v1.Node).Labels["bucket"] == pod.Labels["bucket"] {
		return fwk.Queue, nil
	}
	return fwk.QueueSkip, nil
}

// timed collects garbage first, so that no phase pays for the one before.
func timed(name string, ops int, work func()) phase {
	runtime.GC()
	start := time.Now()
	work()
	return phase{name, float64(time.Since(start).Nanoseconds()) / float64(ops)}
}

func (b *benchQueue) addAll(pods []*v1.Pod) {
	for _, pod := range pods {
		b.clock.Step(time.Millisecond)
		b.queue.Add(b.ctx, pod)
	}
}

func (b *benchQueue) popAll(n int) []*framework.QueuedPodInfo {
	out := make([]*framework.QueuedPodInfo, n)
	for i := range out {
		info, err := b.queue.Pop(discard)
		if err != nil {
			panic(err)
		}
		out[i] = info
	}
	return out
}

func (b *benchQueue) events(nodes []*v1.Node) {
	for _, node := range nodes {
		b.queue.MoveAllToActiveOrBackoffQueue(discard, nodeAdded, nil, node, nil)
	}
}

func (b *benchQueue) handBack(infos []*framework.QueuedPodInfo) {
	for _, info := range infos {
		b.clock.Step(time.Millisecond)
		info.UnschedulablePlugins = sets.New("Fit")
		if err := b.queue.AddUnschedulableIfNotPresent(discard, info, b.queue.SchedulingCycle()); err != nil {
			panic(err)
		}
	}
}

func (b *benchQueue) done(infos []*framework.QueuedPodInfo) {
	for _, info := range infos {
		b.queue.Done(info.Pod.UID)
	}
}

// addPopDone: nothing else happens.
func addPopDone(n int) []phase {
	b := newQueue(skip)
	defer close(b.stop)
	all := pods(n)
	var infos []*framework.QueuedPodInfo
	return []phase{
		timed("add", n, func() { b.addAll(all) }),
		timed("pop", n, func() { infos = b.popAll(n) }),
		timed("done", n, func() { b.done(infos) }),
	}
}

// flight: events that matter while pods fly, then all of them end, in the order in which they were popped. Handing
// back walks the whole list behind the pod, and every hint skips.
func flight(n, events int, isHandedBack bool) []phase {
	b := newQueue(skip)
	defer close(b.stop)
	b.addAll(pods(n))
	infos := b.popAll(n)
	added := nodes(events)
	event := timed("event", events, func() { b.events(added) })
	if isHandedBack {
		return []phase{event, timed("handBack", n, func() { b.handBack(infos) })}
	}
	return []phase{event, timed("done", n, func() { b.done(infos) })}
}

// parked: one operation is one event that every parked pod's plugin is asked about.
func parked(n, events int, hint fwk.QueueingHintFn) []phase {
	b := newQueue(hint)
	defer close(b.stop)
	b.addAll(pods(n))
	b.handBack(b.popAll(n))
	b.clock.Step(time.Minute)
	added := nodes(events)
	return []phase{timed("event", events, func() { b.events(added) })}
}

// steady: each round pops one pod, brings events and ends the flight of the oldest, which drops its events.
func steady(inFlight, rounds, eventsPerRound int) []phase {
	b := newQueue(skip)
	defer close(b.stop)
	b.addAll(pods(inFlight + rounds))
	flying := b.popAll(inFlight)
	added := nodes(1)
	return []phase{timed("round", rounds, func() {
		for range rounds {
			flying = append(flying, b.popAll(1)...)
			for range eventsPerRound {
				b.events(added)
			}
			b.done(flying[:1])
			flying = flying[1:]
		}
	})}
}
