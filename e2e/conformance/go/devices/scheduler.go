package main

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/sets"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/events"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler"
	internalcache "k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/defaultpreemption"
	"k8s.io/kubernetes/pkg/scheduler/framework/preemption"
)

const schedulerName = "default-scheduler"

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// notes remembers what the scheduler reports as events.
type notes struct {
	mutex sync.Mutex
	all   []string
}

func (n *notes) Eventf(_, _ runtime.Object, _, _, _, note string, args ...any) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.all = append(n.all, fmt.Sprintf(note, args...))
}

func (n *notes) WithLogger(klog.Logger) events.EventRecorderLogger { return n }

// subject is a real scheduler with its default profile on an in-memory API. Nothing runs by itself: one pod is popped
// and sent through one scheduling cycle.
type subject struct {
	ctx    context.Context
	stop   func()
	client clientset.Interface
	sched  *scheduler.Scheduler
	fw     framework.Framework
	notes  *notes
}

func newSubject(objects []runtime.Object) *subject {
	ctx, cancel := context.WithCancel(context.Background())
	client := fake.NewSimpleClientset(objects...)
	factory := scheduler.NewInformerFactory(client, 0)
	notes := &notes{}
	sched, err := scheduler.New(ctx, client, factory, nil,
		func(string) events.EventRecorderLogger { return notes }, scheduler.WithParallelism(1))
	must(err)
	fw := sched.Profiles[schedulerName]
	for _, plugin := range fw.EnqueueExtensions() {
		if p, ok := plugin.(*defaultpreemption.DefaultPreemption); ok {
			p.Executor.PreemptPod = func(context.Context, preemption.Candidate, preemption.ExecutorPreemptor, *v1.Pod, string) error {
				return nil
			}
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	must(sched.WaitForHandlersSync(ctx))
	stop := func() {
		cancel()
		factory.Shutdown()
	}
	return &subject{ctx, stop, client, sched, fw, notes}
}

func statusOf(s *fwk.Status, plugin string) status {
	out := status{Code: s.Code().String(), Plugin: plugin}
	if s != nil {
		out.Reasons = append(out.Reasons, s.Reasons()...)
		sort.Strings(out.Reasons)
		if plugin == "" {
			out.Plugin = s.Plugin()
		}
	}
	return out
}

func sorted(names sets.Set[string]) []string {
	if names.Len() == 0 {
		return nil
	}
	return sets.List(names)
}

func (s *subject) plugin(name string) fwk.Plugin {
	for _, plugin := range s.fw.EnqueueExtensions() {
		if plugin.Name() == name {
			return plugin
		}
	}
	panic("no plugin " + name)
}

func (s *subject) queueState(pod *v1.Pod) *queueState {
	queue := s.sched.SchedulingQueue
	state := &queueState{In: "none"}
	for _, place := range []struct {
		name string
		pods []*v1.Pod
	}{{"active", queue.PodsInActiveQ()}, {"backoff", queue.PodsInBackoffQ()}, {"unschedulable", queue.UnschedulablePods()}, {"inFlight", queue.InFlightPods()}} {
		for _, p := range place.pods {
			if p.Namespace == pod.Namespace && p.Name == pod.Name {
				state.In = place.name
			}
		}
	}
	if info, ok := queue.GetPod(pod.Name, pod.Namespace); ok {
		if state.In == "unschedulable" && info.Gated() {
			state.In = "gated"
		}
		state.UnschedulablePlugins = sorted(info.UnschedulablePlugins)
		state.PendingPlugins = sorted(info.PendingPlugins)
		state.GatingPlugin = info.GatingPlugin
		state.Attempts = info.Attempts
		state.UnschedulableCount = info.UnschedulableCount
		state.ConsecutiveErrorsCount = info.ConsecutiveErrorsCount
	}
	return state
}

// judge asks every plugin about every node, then runs one real scheduling cycle.
func (s *subject) judge(pod *v1.Pod) *outcome {
	out := &outcome{}
	for _, each := range s.fw.ListPlugins().PreEnqueue.Enabled {
		if p, ok := s.plugin(each.Name).(fwk.PreEnqueuePlugin); ok {
			out.PreEnqueue = append(out.PreEnqueue, statusOf(p.PreEnqueue(s.ctx, pod), each.Name))
		}
	}
	if state := s.queueState(pod); state.In == "gated" {
		out.Outcome, out.Queue = "gated", state
		return out
	}
	s.askPlugins(pod, out)
	s.schedule(pod, out)
	return out
}

func (s *subject) askPlugins(pod *v1.Pod, out *outcome) {
	snapshot := s.fw.SnapshotSharedLister()
	must(s.sched.Cache.UpdateSnapshot(klog.Background(), snapshot.(*internalcache.Snapshot)))
	listed, err := snapshot.NodeInfos().List()
	must(err)
	nodes := append([]fwk.NodeInfo{}, listed...)
	sort.Slice(nodes, func(i, j int) bool { return nodes[i].Node().Name < nodes[j].Node().Name })

	out.PreFilter = &preFilter{}
	for _, each := range s.fw.ListPlugins().PreFilter.Enabled {
		_, st := s.plugin(each.Name).(fwk.PreFilterPlugin).PreFilter(s.ctx, framework.NewCycleState(), pod.DeepCopy(), listed)
		out.PreFilter.PerPlugin = append(out.PreFilter.PerPlugin, statusOf(st, each.Name))
	}
	state := framework.NewCycleState()
	result, st, narrowing := s.fw.RunPreFilterPlugins(s.ctx, state, pod)
	out.PreFilter.status = statusOf(st, "")
	if !result.AllNodes() {
		out.PreFilter.NodeNames = sets.List(result.NodeNames)
	}
	out.PreFilter.NodeNamesPlugins = sorted(narrowing)
	out.PreFilter.Skipped = sorted(state.GetSkipFilterPlugins())
	if !st.IsSuccess() {
		return
	}
	for _, node := range nodes {
		judged := nodeOutcome{Node: node.Node().Name, Evaluated: true}
		for _, each := range s.fw.ListPlugins().Filter.Enabled {
			if state.GetSkipFilterPlugins().Has(each.Name) {
				continue
			}
			if st := s.plugin(each.Name).(fwk.FilterPlugin).Filter(s.ctx, state, pod, node); !st.IsSuccess() {
				judged.Rejections = append(judged.Rejections, statusOf(st, each.Name))
			}
		}
		judged.status = statusOf(s.fw.RunFilterPluginsWithNominatedPods(s.ctx, state, pod, node), "")
		out.Nodes = append(out.Nodes, judged)
	}
}

var errFits = errors.New("it fits: nothing is bound")

func (s *subject) schedule(pod *v1.Pod, out *outcome) {
	fits := false
	schedulePod, handleFailure := s.sched.SchedulePod, s.sched.FailureHandler
	s.sched.SchedulePod = func(ctx context.Context, f framework.Framework, state fwk.CycleState, info *framework.QueuedPodInfo) (scheduler.ScheduleResult, error) {
		result, err := schedulePod(ctx, f, state, info)
		var fitError *framework.FitError
		if errors.As(err, &fitError) {
			out.FitError = fitError.Error()
		}
		if err != nil {
			return result, err
		}
		fits, out.EvaluatedNodes = true, result.EvaluatedNodes
		return result, errFits
	}
	s.sched.FailureHandler = func(ctx context.Context, f framework.Framework, info *framework.QueuedPodInfo, st *fwk.Status, nominating *fwk.NominatingInfo, start time.Time) {
		if fits {
			s.sched.SchedulingQueue.Done(info.Pod.UID)
			return
		}
		var fitError *framework.FitError
		if errors.As(st.AsError(), &fitError) {
			out.PostFilter = fitError.Diagnosis.PostFilterMsg
		}
		handleFailure(ctx, f, info, st, nominating, start)
	}
	s.sched.NextPod = func(logger klog.Logger) (*framework.QueuedPodInfo, error) {
		return s.sched.SchedulingQueue.PopSpecificPod(logger, pod), nil
	}
	s.sched.ScheduleOne(s.ctx)
	if fits {
		out.Outcome = "feasible"
		for _, node := range out.Nodes {
			if node.Code == "Success" {
				out.Feasible = append(out.Feasible, node.Node)
			}
		}
		return
	}
	out.Outcome = "unschedulable"
	live, err := s.client.CoreV1().Pods(pod.Namespace).Get(s.ctx, pod.Name, metav1.GetOptions{})
	must(err)
	for _, condition := range live.Status.Conditions {
		if condition.Type == v1.PodScheduled {
			out.Reason, out.Message = condition.Reason, condition.Message
		}
	}
	if out.Reason == v1.PodReasonSchedulerError {
		out.Outcome = "error"
	}
	out.NominatedNodeName = live.Status.NominatedNodeName
	if len(s.notes.all) == 1 && s.notes.all[0] != out.Message {
		out.EventNote = s.notes.all[0]
	}
	out.Queue = s.queueState(pod)
}
