package main

import (
	"fmt"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	resourceapi "k8s.io/api/resource/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Builders as short as a scenario needs them. What the API server fills in is filled in here.

const gpu = "gpu.example.com"

func pointer[T any](v T) *T { return &v }

type pairs = map[string]string

func node(name string, change ...func(*v1.Node)) *v1.Node {
	n := &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID("node-" + name), Labels: pairs{v1.LabelHostname: name}}}
	n.Status.Allocatable = amounts(pairs{"cpu": "4", "memory": "8Gi", "pods": "110"})
	for _, c := range change {
		c(n)
	}
	return n
}

func amounts(p pairs) v1.ResourceList {
	out := v1.ResourceList{}
	for name, amount := range p {
		out[v1.ResourceName(name)] = resource.MustParse(amount)
	}
	return out
}

func labelled(key, value string) func(*v1.Node) {
	return func(n *v1.Node) { n.Labels[key] = value }
}

func offering(name, amount string) func(*v1.Node) {
	return func(n *v1.Node) { n.Status.Allocatable[v1.ResourceName(name)] = resource.MustParse(amount) }
}

func nodes(count int) []*v1.Node {
	var out []*v1.Node
	for i := range count {
		out = append(out, node(fmt.Sprintf("n%d", i+1)))
	}
	return out
}

func pod(name string, change ...func(*v1.Pod)) *v1.Pod {
	p := &v1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default", UID: types.UID("pod-" + name)}}
	p.Spec.SchedulerName = schedulerName
	p.Spec.Containers = []v1.Container{{Name: "main", Image: "image"}}
	p.Status.Phase = v1.PodPending
	for _, c := range change {
		c(p)
	}
	return p
}

// using names claims of the pod, each under its own name.
func using(names ...string) func(*v1.Pod) {
	return func(p *v1.Pod) {
		for _, name := range names {
			p.Spec.ResourceClaims = append(p.Spec.ResourceClaims, v1.PodResourceClaim{Name: name, ResourceClaimName: pointer(name)})
		}
	}
}

func requesting(p pairs) func(*v1.Pod) {
	return func(pod *v1.Pod) { pod.Spec.Containers[0].Resources.Requests = amounts(p) }
}

func container(name string, p pairs) v1.Container {
	return v1.Container{Name: name, Image: "image", Resources: v1.ResourceRequirements{Requests: amounts(p)}}
}

type claimChange = func(*resourceapi.ResourceClaim)

func claim(name string, change ...claimChange) *resourceapi.ResourceClaim {
	c := &resourceapi.ResourceClaim{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default", UID: types.UID("claim-" + name)}}
	for _, each := range change {
		each(c)
	}
	return c
}

type exact = resourceapi.ExactDeviceRequest
type sub = resourceapi.DeviceSubRequest

func count(class string, n int64, change ...func(*exact)) exact {
	e := exact{DeviceClassName: class, AllocationMode: resourceapi.DeviceAllocationModeExactCount, Count: n}
	for _, c := range change {
		c(&e)
	}
	return e
}

func all(class string, change ...func(*exact)) exact {
	e := exact{DeviceClassName: class, AllocationMode: resourceapi.DeviceAllocationModeAll}
	for _, c := range change {
		c(&e)
	}
	return e
}

func selecting(expressions ...string) func(*exact) {
	return func(e *exact) { e.Selectors = selectors(expressions...) }
}

func selectors(expressions ...string) []resourceapi.DeviceSelector {
	var out []resourceapi.DeviceSelector
	for _, expression := range expressions {
		out = append(out, resourceapi.DeviceSelector{CEL: &resourceapi.CELDeviceSelector{Expression: expression}})
	}
	return out
}

func admin(e *exact) { e.AdminAccess = pointer(true) }

func tolerating(t ...resourceapi.DeviceToleration) func(*exact) {
	return func(e *exact) { e.Tolerations = t }
}

func wanting(p pairs) func(*exact) {
	return func(e *exact) { e.Capacity = capacityRequests(p) }
}

func capacityRequests(p pairs) *resourceapi.CapacityRequirements {
	out := &resourceapi.CapacityRequirements{Requests: map[resourceapi.QualifiedName]resource.Quantity{}}
	for name, amount := range p {
		out.Requests[resourceapi.QualifiedName(name)] = resource.MustParse(amount)
	}
	return out
}

func request(name string, e exact) claimChange {
	return func(c *resourceapi.ResourceClaim) {
		c.Spec.Devices.Requests = append(c.Spec.Devices.Requests, resourceapi.DeviceRequest{Name: name, Exactly: &e})
	}
}

func first(name string, alternatives ...sub) claimChange {
	return func(c *resourceapi.ResourceClaim) {
		c.Spec.Devices.Requests = append(c.Spec.Devices.Requests, resourceapi.DeviceRequest{Name: name, FirstAvailable: alternatives})
	}
}

func alternative(name string, e exact) sub {
	return sub{Name: name, DeviceClassName: e.DeviceClassName, AllocationMode: e.AllocationMode, Count: e.Count, Selectors: e.Selectors, Tolerations: e.Tolerations, Capacity: e.Capacity}
}

func matching(attribute string, requests ...string) claimChange {
	return func(c *resourceapi.ResourceClaim) {
		c.Spec.Devices.Constraints = append(c.Spec.Devices.Constraints, resourceapi.DeviceConstraint{Requests: requests, MatchAttribute: pointer(resourceapi.FullyQualifiedName(attribute))})
	}
}

func distinct(attribute string, requests ...string) claimChange {
	return func(c *resourceapi.ResourceClaim) {
		c.Spec.Devices.Constraints = append(c.Spec.Devices.Constraints, resourceapi.DeviceConstraint{Requests: requests, DistinctAttribute: pointer(resourceapi.FullyQualifiedName(attribute))})
	}
}

// having allocates devices, each as `driver/pool/device`, to a claim.
func having(devices ...string) claimChange {
	return func(c *resourceapi.ResourceClaim) {
		allocation := allocationOf(c)
		for _, device := range devices {
			allocation.Devices.Results = append(allocation.Devices.Results, resultOf(device))
		}
	}
}

func allocationOf(c *resourceapi.ResourceClaim) *resourceapi.AllocationResult {
	if c.Status.Allocation == nil {
		c.Status.Allocation = &resourceapi.AllocationResult{}
	}
	return c.Status.Allocation
}

func resultOf(device string) resourceapi.DeviceRequestAllocationResult {
	parts := strings.Split(device, "/")
	return resourceapi.DeviceRequestAllocationResult{Request: "r", Driver: parts[0], Pool: parts[1], Device: parts[2]}
}

func changedResult(device string, change func(*resourceapi.DeviceRequestAllocationResult)) claimChange {
	return func(c *resourceapi.ResourceClaim) {
		result := resultOf(device)
		change(&result)
		allocation := allocationOf(c)
		allocation.Devices.Results = append(allocation.Devices.Results, result)
	}
}

func asAdmin(device string) claimChange {
	return changedResult(device, func(r *resourceapi.DeviceRequestAllocationResult) { r.AdminAccess = pointer(true) })
}

func sharing(device, id string, p pairs) claimChange {
	return changedResult(device, func(r *resourceapi.DeviceRequestAllocationResult) {
		r.ShareID = pointer(types.UID(id))
		r.ConsumedCapacity = capacityRequests(p).Requests
	})
}

func on(nodeName string) claimChange {
	return func(c *resourceapi.ResourceClaim) {
		allocationOf(c).NodeSelector = &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{{
			MatchFields: []v1.NodeSelectorRequirement{{Key: "metadata.name", Operator: v1.NodeSelectorOpIn, Values: []string{nodeName}}},
		}}}
	}
}

func reservedFor(pods ...string) claimChange {
	return func(c *resourceapi.ResourceClaim) {
		for _, name := range pods {
			c.Status.ReservedFor = append(c.Status.ReservedFor, resourceapi.ResourceClaimConsumerReference{Resource: "pods", Name: name, UID: types.UID("pod-" + name)})
		}
	}
}

func class(name string, expressions ...string) *resourceapi.DeviceClass {
	return &resourceapi.DeviceClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: resourceapi.DeviceClassSpec{Selectors: selectors(expressions...)}}
}

func standingFor(resourceName string, age int, c *resourceapi.DeviceClass) *resourceapi.DeviceClass {
	c.Spec.ExtendedResourceName = pointer(resourceName)
	c.CreationTimestamp = metav1.Time{Time: time.Date(2026, 1, 30-age, 0, 0, 0, 0, time.UTC)}
	return c
}

type device = resourceapi.Device
type deviceChange = func(*device)

func dev(name string, change ...deviceChange) device {
	d := device{Name: name}
	for _, c := range change {
		c(&d)
	}
	return d
}

func attribute(name string, value any) deviceChange {
	return func(d *device) {
		if d.Attributes == nil {
			d.Attributes = map[resourceapi.QualifiedName]resourceapi.DeviceAttribute{}
		}
		var a resourceapi.DeviceAttribute
		switch v := value.(type) {
		case string:
			a.StringValue = &v
		case int:
			a.IntValue = pointer(int64(v))
		case bool:
			a.BoolValue = &v
		}
		d.Attributes[resourceapi.QualifiedName(name)] = a
	}
}

func version(name, value string) deviceChange {
	return func(d *device) {
		attribute(name, true)(d)
		d.Attributes[resourceapi.QualifiedName(name)] = resourceapi.DeviceAttribute{VersionValue: &value}
	}
}

func capacity(name, amount string, policy ...*resourceapi.CapacityRequestPolicy) deviceChange {
	return func(d *device) {
		if d.Capacity == nil {
			d.Capacity = map[resourceapi.QualifiedName]resourceapi.DeviceCapacity{}
		}
		c := resourceapi.DeviceCapacity{Value: resource.MustParse(amount)}
		if len(policy) > 0 {
			c.RequestPolicy = policy[0]
		}
		d.Capacity[resourceapi.QualifiedName(name)] = c
	}
}

func shared(d *device) { d.AllowMultipleAllocations = pointer(true) }

func tainted(key, value string, effect resourceapi.DeviceTaintEffect) deviceChange {
	return func(d *device) {
		d.Taints = append(d.Taints, resourceapi.DeviceTaint{Key: key, Value: value, Effect: effect})
	}
}

func consuming(set string, p pairs) deviceChange {
	return func(d *device) {
		d.ConsumesCounters = append(d.ConsumesCounters, resourceapi.DeviceCounterConsumption{CounterSet: set, Counters: counters(p)})
	}
}

func counters(p pairs) map[string]resourceapi.Counter {
	out := map[string]resourceapi.Counter{}
	for name, amount := range p {
		out[name] = resourceapi.Counter{Value: resource.MustParse(amount)}
	}
	return out
}

type sliceChange = func(*resourceapi.ResourceSlice)

// slice is a pool of one slice on the node of its name.
func slice(pool string, devices []device, change ...sliceChange) *resourceapi.ResourceSlice {
	s := &resourceapi.ResourceSlice{ObjectMeta: metav1.ObjectMeta{Name: "slice-" + pool}}
	s.Spec = resourceapi.ResourceSliceSpec{
		Driver:   gpu,
		Pool:     resourceapi.ResourcePool{Name: pool, Generation: 1, ResourceSliceCount: 1},
		NodeName: pointer(pool),
		Devices:  devices,
	}
	for _, c := range change {
		c(s)
	}
	return s
}

func devices(count int, change ...deviceChange) []device {
	var out []device
	for i := range count {
		out = append(out, dev(fmt.Sprintf("gpu-%d", i), change...))
	}
	return out
}

func named(name string) sliceChange {
	return func(s *resourceapi.ResourceSlice) { s.Name = name }
}

func part(generation int64, slices int64) sliceChange {
	return func(s *resourceapi.ResourceSlice) {
		s.Spec.Pool.Generation, s.Spec.Pool.ResourceSliceCount = generation, slices
	}
}

func of(driver string) sliceChange {
	return func(s *resourceapi.ResourceSlice) { s.Spec.Driver = driver }
}

func everywhere(s *resourceapi.ResourceSlice) {
	s.Spec.NodeName, s.Spec.AllNodes = nil, pointer(true)
}

func perDevice(s *resourceapi.ResourceSlice) {
	s.Spec.NodeName, s.Spec.PerDeviceNodeSelection = nil, pointer(true)
}

func where(key string, values ...string) sliceChange {
	return func(s *resourceapi.ResourceSlice) {
		s.Spec.NodeName, s.Spec.NodeSelector = nil, labelIn(key, values...)
	}
}

func labelIn(key string, values ...string) *v1.NodeSelector {
	return &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{{
		MatchExpressions: []v1.NodeSelectorRequirement{{Key: key, Operator: v1.NodeSelectorOpIn, Values: values}},
	}}}
}

func counterSet(name string, p pairs) sliceChange {
	return func(s *resourceapi.ResourceSlice) {
		s.Spec.SharedCounters = append(s.Spec.SharedCounters, resourceapi.CounterSet{Name: name, Counters: counters(p)})
	}
}
