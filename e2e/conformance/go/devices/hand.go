package main

import (
	"time"

	v1 "k8s.io/api/core/v1"
	resourceapi "k8s.io/api/resource/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

type claims = []*resourceapi.ResourceClaim
type slices = []*resourceapi.ResourceSlice
type classes = []*resourceapi.DeviceClass

// about is a scenario with one pod, which uses the claim "mine".
func about(group, name string, c *cluster, mine ...claimChange) *scenario {
	if c.Nodes == nil {
		c.Nodes = nodes(2)
	}
	if c.DeviceClasses == nil {
		c.DeviceClasses = classes{class("any")}
	}
	c.ResourceClaims = append(c.ResourceClaims, claim("mine", mine...))
	return &scenario{name, group, c, []*testCase{{Name: "pod", Pod: pod("p", using("mine"))}}}
}

// with is a scenario with a pod of its own.
func with(group, name string, c *cluster, p *v1.Pod) *scenario {
	if c.Nodes == nil {
		c.Nodes = nodes(2)
	}
	if c.DeviceClasses == nil {
		c.DeviceClasses = classes{class("any")}
	}
	return &scenario{name, group, c, []*testCase{{Name: "pod", Pod: p}}}
}

func handScenarios() []*scenario {
	var out []*scenario
	for _, part := range [][]*scenario{
		countScenarios(), selectorScenarios(), constraintScenarios(), taintScenarios(), allScenarios(), adminScenarios(),
		alternativeScenarios(), poolScenarios(), placeScenarios(), counterScenarios(), capacityScenarios(),
		allocatedScenarios(), claimScenarios(), extendedScenarios(),
	} {
		out = append(out, part...)
	}
	return out
}

func both(change ...deviceChange) slices {
	return slices{slice("n1", devices(2, change...)), slice("n2", devices(2, change...))}
}

func countScenarios() []*scenario {
	const g = "count"
	two := claim("other", having("gpu.example.com/n1/gpu-0", "gpu.example.com/n1/gpu-1"))
	return []*scenario{
		about(g, "free", &cluster{ResourceSlices: both()}, request("r", count("any", 1))),
		about(g, "no slices", &cluster{}, request("r", count("any", 1))),
		about(g, "all of both", &cluster{ResourceSlices: both()}, request("r", count("any", 2))),
		about(g, "one too many", &cluster{ResourceSlices: both()}, request("r", count("any", 3))),
		about(g, "taken on one node", &cluster{ResourceSlices: both(), ResourceClaims: claims{two}}, request("r", count("any", 1))),
		about(g, "one of two requests too many", &cluster{ResourceSlices: both()}, request("a", count("any", 2)), request("b", count("any", 1))),
		about(g, "33 devices", &cluster{ResourceSlices: both()}, request("a", count("any", 20)), request("b", count("any", 13))),
		about(g, "no requests", &cluster{ResourceSlices: both()}),
		with(g, "two claims of one pod", &cluster{ResourceSlices: both(), ResourceClaims: claims{
			claim("a", request("r", count("any", 1))), claim("b", request("r", count("any", 2)))}}, pod("p", using("a", "b"))),
		with(g, "too little cpu as well", &cluster{ResourceSlices: slices{slice("n1", devices(1))}, ResourceClaims: claims{
			claim("a", request("r", count("any", 1)))}}, pod("p", using("a"), requesting(pairs{"cpu": "5"}))),
	}
}

func selectorScenarios() []*scenario {
	const g = "selector"
	a := func(name string) string { return `device.attributes["gpu.example.com"].` + name }
	kinds := slices{
		slice("n1", []device{dev("a", attribute("model", "a100"), attribute("cores", 8), capacity("memory", "40Gi"), version("driverVersion", "1.2.3"))}),
		slice("n2", []device{dev("h", attribute("model", "h100"), attribute("cores", 16), attribute("gpu.example.com/fast", true), capacity("memory", "80Gi"), version("driverVersion", "2.0.0-rc.1"))}),
	}
	of := func(name string, expressions ...string) *scenario {
		return about(g, name, &cluster{ResourceSlices: kinds}, request("r", count("any", 1, selecting(expressions...))))
	}
	out := []*scenario{
		of("driver", `device.driver == "gpu.example.com"`),
		of("another driver", `device.driver == "tpu.example.com"`),
		of("string", a(`model == "h100"`)),
		of("number", a(`cores >= 16`)),
		of("two selectors", a(`cores >= 8`), a(`model == "a100"`)),
		of("another type", a(`model == 8`)),
		of("memory", `device.capacity["gpu.example.com"].memory.compareTo(quantity("60Gi")) > 0`),
		of("memory as bytes", `device.capacity["gpu.example.com"].memory == quantity("42949672960")`),
		of("version", a(`driverVersion.isGreaterThan(semver("1.9.0"))`)),
		of("version before its release", a(`driverVersion.isLessThan(semver("2.0.0")) && `)+a(`model == "h100"`)),
		of("bound name", `cel.bind(own, device.attributes["gpu.example.com"], own.cores > 8 && own.model.startsWith("h"))`),
		of("has", `has(`+a(`fast`)+`) && `+a(`fast`)),
		of("optional", `device.attributes["gpu.example.com"].?fast.orValue(false)`),
		of("one of a list", a(`model`)+` in ["v100", "a100"]`),
		of("exists in a list", `["v100", "a100"].exists(model, model == `+a(`model`)+`)`),
		of("pattern", a(`model.matches("^[ah]1.0$")`)),
		of("lower case", a(`model.upperAscii() == "H100"`)),
		of("domain asked for", `"nobody.example.com" in device.attributes`),
		of("domain guarded", `"gpu.example.com" in device.attributes && `+a(`cores == 8`)),
		of("domain that is not there", `device.attributes["nobody.example.com"].x == 1`),
		of("attribute that is not there", a(`missing == 1`)),
		of("attribute that one has", a(`fast`)),
		of("missing, but it does not matter", a(`missing == 1 || true`)),
		of("two that are missing", a(`one == 1 || `)+a(`two == 2`)),
		of("two that are missing, and", a(`one == 1 && `)+a(`two == 2`)),
		of("capacity that is not there", `device.capacity["gpu.example.com"].missing.compareTo(quantity("1")) > 0`),
		of("shared", `device.allowMultipleAllocations`),
		of("not shared", `!device.allowMultipleAllocations`),
	}
	byClass := about(g, "of the class", &cluster{ResourceSlices: kinds, DeviceClasses: classes{class("fast", a(`cores > 8`))}}, request("r", count("fast", 1)))
	byBoth := about(g, "of class and claim", &cluster{ResourceSlices: kinds, DeviceClasses: classes{class("fast", a(`cores > 8`))}}, request("r", count("fast", 1, selecting(a(`model == "a100"`)))))
	wrong := about(g, "error of the class", &cluster{ResourceSlices: kinds, DeviceClasses: classes{class("fast", a(`cores > 8`), a(`none`))}}, request("r", count("fast", 1)))
	taken := about(g, "error only of a device that is taken", &cluster{ResourceSlices: kinds, ResourceClaims: claims{claim("other", having("gpu.example.com/n1/a"))}},
		request("r", count("any", 1, selecting(a(`fast`)))))
	return append(out, byClass, byBoth, wrong, taken)
}

func constraintScenarios() []*scenario {
	const g = "constraint"
	numa := func(values ...any) []device {
		out := devices(len(values))
		for i, value := range values {
			if value != nil {
				attribute("numa", value)(&out[i])
			}
		}
		return out
	}
	on1 := func(values ...any) *cluster {
		return &cluster{Nodes: nodes(1), ResourceSlices: slices{slice("n1", numa(values...))}}
	}
	const name = "gpu.example.com/numa"
	return []*scenario{
		about(g, "same", on1(1, 2, 1, 2), request("r", count("any", 2)), matching(name)),
		about(g, "never the same", on1(1, 2, 3), request("r", count("any", 2)), matching(name)),
		about(g, "same, not all have it", on1(nil, 1, nil), request("r", count("any", 2)), matching(name)),
		about(g, "same of two requests", on1(1, 2, 2), request("a", count("any", 1)), request("b", count("any", 1)), matching(name)),
		about(g, "same of one request", on1(1, 2, 3), request("a", count("any", 1)), request("b", count("any", 1)), request("c", count("any", 1)), matching(name, "a")),
		about(g, "types differ", on1(1, "1", true), request("r", count("any", 2)), matching(name)),
		about(g, "booleans", on1(true, false, true), request("r", count("any", 2)), matching(name)),
		about(g, "another domain", on1(1, 1), request("r", count("any", 2)), matching("tpu.example.com/numa")),
		about(g, "distinct", on1(1, 1, 2), request("a", count("any", 1)), request("b", count("any", 1)), distinct(name)),
		about(g, "not distinct", on1(1, 1, 1), request("a", count("any", 1)), request("b", count("any", 1)), distinct(name)),
		about(g, "distinct within one request", on1(1, 1, 2), request("r", count("any", 2)), distinct(name)),
		about(g, "distinct within one request of three", on1(1, 2, 1), request("r", count("any", 3)), distinct(name)),
		about(g, "both kinds", on1(1, 1, 2), request("a", count("any", 2)), request("b", count("any", 1)), matching(name, "a"), distinct(name, "a", "b")),
		about(g, "same of an alternative", on1(1, 2), first("r", alternative("two", count("any", 2)), alternative("one", count("any", 1))), matching(name, "r/two")),
		about(g, "all that are not the same", on1(1, 2), request("r", all("any")), matching(name)),
		about(g, "of no kind", on1(1, 2), request("r", count("any", 1)), func(c *resourceapi.ResourceClaim) {
			c.Spec.Devices.Constraints = []resourceapi.DeviceConstraint{{}}
		}),
	}
}

func taintScenarios() []*scenario {
	const g = "taint"
	broken := tainted("broken", "yes", resourceapi.DeviceTaintEffectNoSchedule)
	exists := resourceapi.DeviceToleration{Key: "broken", Operator: resourceapi.DeviceTolerationOpExists}
	equal := resourceapi.DeviceToleration{Key: "broken", Operator: resourceapi.DeviceTolerationOpEqual, Value: "yes", Effect: resourceapi.DeviceTaintEffectNoSchedule}
	of := func(name string, c *cluster, t ...resourceapi.DeviceToleration) *scenario {
		return about(g, name, c, request("r", count("any", 1, tolerating(t...))))
	}
	return []*scenario{
		of("tainted", &cluster{ResourceSlices: both(broken)}),
		of("one of two is not", &cluster{ResourceSlices: slices{slice("n1", []device{dev("a", broken), dev("b")}), slice("n2", devices(1, broken))}}),
		of("tolerated", &cluster{ResourceSlices: both(broken)}, exists),
		of("tolerated by its value", &cluster{ResourceSlices: both(broken)}, equal),
		of("another value", &cluster{ResourceSlices: both(broken)}, resourceapi.DeviceToleration{Key: "broken", Value: "no"}),
		of("another effect", &cluster{ResourceSlices: both(broken)}, resourceapi.DeviceToleration{Key: "broken", Operator: "Exists", Effect: "NoExecute"}),
		of("everything tolerated", &cluster{ResourceSlices: both(broken, tainted("x", "", "NoExecute"))}, resourceapi.DeviceToleration{Operator: "Exists"}),
		of("one of two tolerated", &cluster{ResourceSlices: both(broken, tainted("x", "", "NoExecute"))}, exists),
		of("no effect", &cluster{ResourceSlices: both(tainted("x", "", "None"))}),
		about(g, "all, one tainted", &cluster{ResourceSlices: slices{slice("n1", []device{dev("a", broken), dev("b")})}}, request("r", all("any"))),
		about(g, "tainted, for an administrator", &cluster{ResourceSlices: both(broken)}, request("r", count("any", 1, admin))),
	}
}

func allScenarios() []*scenario {
	const g = "all"
	taken := claim("other", having("gpu.example.com/n1/gpu-1"))
	return []*scenario{
		about(g, "all free", &cluster{ResourceSlices: both()}, request("r", all("any"))),
		about(g, "one taken", &cluster{ResourceSlices: both(), ResourceClaims: claims{taken}}, request("r", all("any"))),
		about(g, "none there", &cluster{}, request("r", all("any"))),
		about(g, "none selected", &cluster{ResourceSlices: both()}, request("r", all("any", selecting(`device.driver == "x"`)))),
		about(g, "all and one more", &cluster{ResourceSlices: both()}, request("r", all("any")), request("s", count("any", 1))),
		about(g, "33 of them", &cluster{Nodes: nodes(1), ResourceSlices: slices{slice("n1", devices(33))}}, request("r", all("any"))),
		about(g, "32 of them", &cluster{Nodes: nodes(1), ResourceSlices: slices{slice("n1", devices(32))}}, request("r", all("any"))),
		about(g, "pool not whole", &cluster{ResourceSlices: slices{slice("n1", devices(2), part(1, 2)), slice("n2", devices(2))}}, request("r", all("any"))),
		about(g, "pool not valid", &cluster{ResourceSlices: slices{slice("n1", []device{dev("a"), dev("a")}), slice("n2", devices(2))}}, request("r", all("any"))),
	}
}

func adminScenarios() []*scenario {
	const g = "admin"
	taken := claim("other", having("gpu.example.com/n1/gpu-0", "gpu.example.com/n1/gpu-1"))
	on1 := func(others ...*resourceapi.ResourceClaim) *cluster {
		return &cluster{Nodes: nodes(1), ResourceSlices: slices{slice("n1", devices(2))}, ResourceClaims: others}
	}
	return []*scenario{
		about(g, "what is taken", on1(taken), request("r", count("any", 2, admin))),
		about(g, "not so many", on1(taken), request("r", count("any", 3, admin))),
		about(g, "twice in one claim", on1(), request("r", count("any", 2, admin)), request("s", count("any", 1, admin))),
		about(g, "beside a request", on1(), request("r", count("any", 1, admin)), request("s", count("any", 2))),
		about(g, "all", on1(taken), request("r", all("any", admin))),
		about(g, "takes nothing from others", on1(claim("other", asAdmin("gpu.example.com/n1/gpu-0"), asAdmin("gpu.example.com/n1/gpu-1"))), request("r", count("any", 2))),
	}
}

func alternativeScenarios() []*scenario {
	const g = "alternatives"
	none := count("any", 1, selecting(`device.driver == "x"`))
	return []*scenario{
		about(g, "the first", &cluster{ResourceSlices: both()}, first("r", alternative("a", count("any", 2)), alternative("b", count("any", 1)))),
		about(g, "the second", &cluster{ResourceSlices: both()}, first("r", alternative("a", count("any", 3)), alternative("b", count("any", 1)))),
		about(g, "none", &cluster{ResourceSlices: both()}, first("r", alternative("a", count("any", 3)), alternative("b", none))),
		about(g, "class that is not there", &cluster{ResourceSlices: both()}, first("r", alternative("a", count("any", 1)), alternative("b", count("nobody", 1)))),
		about(g, "too many, then fewer", &cluster{Nodes: nodes(1), ResourceSlices: slices{slice("n1", devices(40))}},
			request("q", count("any", 20)), first("r", alternative("a", count("any", 20)), alternative("b", count("any", 10)))),
		about(g, "always too many", &cluster{Nodes: nodes(1), ResourceSlices: slices{slice("n1", devices(40))}},
			request("q", count("any", 20)), first("r", alternative("a", count("any", 12)), alternative("b", count("any", 20))), first("s", alternative("a", count("any", 3)), alternative("b", none))),
		about(g, "all or one", &cluster{ResourceSlices: both(), ResourceClaims: claims{claim("other", having("gpu.example.com/n1/gpu-0"))}},
			first("r", alternative("a", all("any")), alternative("b", count("any", 1)))),
	}
}

func poolScenarios() []*scenario {
	const g = "pool"
	one := request("r", count("any", 1))
	return []*scenario{
		about(g, "not whole", &cluster{ResourceSlices: slices{slice("n1", devices(2), part(1, 2))}}, one),
		about(g, "two slices", &cluster{ResourceSlices: slices{slice("n1", devices(1), part(1, 2)), slice("n1", []device{dev("x")}, part(1, 2), named("second"))}}, request("r", count("any", 2))),
		about(g, "newer generation", &cluster{ResourceSlices: slices{slice("n1", devices(2)), slice("n1", devices(1), part(2, 1), named("new"))}}, request("r", count("any", 2))),
		about(g, "newer generation elsewhere", &cluster{ResourceSlices: slices{slice("n1", devices(2), part(1, 2)), slice("n1", devices(1), part(2, 1), named("new"), func(s *resourceapi.ResourceSlice) { s.Spec.NodeName = pointer("n2") })}}, request("r", count("any", 2))),
		about(g, "newer generation not whole", &cluster{ResourceSlices: slices{slice("n1", devices(2)), slice("n1", devices(1), part(2, 2), named("new"))}}, one),
		about(g, "rest of the pool elsewhere", &cluster{ResourceSlices: slices{
			slice("p", devices(1), part(1, 2), func(s *resourceapi.ResourceSlice) { s.Spec.NodeName = pointer("n1") }),
			slice("p", []device{dev("x")}, part(1, 2), named("second"), func(s *resourceapi.ResourceSlice) { s.Spec.NodeName = pointer("n2") })}}, one),
		about(g, "one name twice", &cluster{ResourceSlices: slices{slice("n1", []device{dev("a"), dev("a")})}}, one),
		about(g, "one name twice, and a good pool", &cluster{ResourceSlices: slices{slice("n1", []device{dev("a"), dev("a")}), slice("n1", devices(1), of("tpu.example.com"), named("tpu"))}}, one),
		about(g, "drivers with pools of one name", &cluster{ResourceSlices: slices{slice("n1", devices(1)), slice("n1", devices(1), of("tpu.example.com"), named("tpu"))}, ResourceClaims: claims{claim("other", having("gpu.example.com/n1/gpu-0"))}},
			one),
	}
}

func placeScenarios() []*scenario {
	const g = "place"
	one := request("r", count("any", 1))
	zones := []*v1.Node{node("n1", labelled("zone", "a")), node("n2", labelled("zone", "b")), node("n3", labelled("zone", "a"))}
	local := func(name string, change func(*device)) device { return dev(name, change) }
	return []*scenario{
		about(g, "on all nodes", &cluster{ResourceSlices: slices{slice("net", devices(1), everywhere)}}, one),
		about(g, "in a zone", &cluster{Nodes: zones, ResourceSlices: slices{slice("net", devices(1), where("zone", "a"))}}, one),
		about(g, "in a zone, taken", &cluster{Nodes: zones, ResourceSlices: slices{slice("net", devices(1), where("zone", "a"))}, ResourceClaims: claims{claim("other", having("gpu.example.com/net/gpu-0"))}}, one),
		about(g, "each device", &cluster{Nodes: zones, ResourceSlices: slices{slice("net", []device{
			local("a", func(d *device) { d.NodeName = pointer("n1") }),
			local("b", func(d *device) { d.NodeSelector = labelIn("zone", "b") }),
		}, perDevice)}}, one),
		about(g, "each device, and two of them", &cluster{Nodes: zones, ResourceSlices: slices{slice("net", []device{
			local("a", func(d *device) { d.NodeName = pointer("n1") }),
			local("b", func(d *device) { d.AllNodes = pointer(true) }),
		}, perDevice)}}, request("r", count("any", 2))),
		about(g, "nowhere", &cluster{ResourceSlices: slices{slice("net", devices(1), func(s *resourceapi.ResourceSlice) { s.Spec.NodeName = nil })}}, one),
	}
}

func counterScenarios() []*scenario {
	const g = "counters"
	whole := dev("whole", consuming("card", pairs{"memory": "40Gi", "slices": "7"}))
	half := func(name string) device {
		return dev(name, consuming("card", pairs{"memory": "20Gi", "slices": "3"}))
	}
	card := func(more ...sliceChange) *resourceapi.ResourceSlice {
		change := append([]sliceChange{part(1, 2), named("card-n1"), counterSet("card", pairs{"memory": "40Gi", "slices": "7"})}, more...)
		return slice("n1", nil, change...)
	}
	parts := func() slices {
		return slices{card(), slice("n1", []device{whole, half("h1"), half("h2"), half("h3")}, part(1, 2))}
	}
	on1 := func(s slices, others ...*resourceapi.ResourceClaim) *cluster {
		return &cluster{Nodes: nodes(1), ResourceSlices: s, ResourceClaims: others}
	}
	taken := claim("other", having("gpu.example.com/n1/h1"))
	unknown := slices{card(), slice("n1", []device{dev("x", consuming("nobody", pairs{"memory": "1"}))}, part(1, 2))}
	unknownCounter := slices{card(), slice("n1", []device{dev("x", consuming("card", pairs{"nobody": "1"}))}, part(1, 2))}
	twice := slices{card(part(1, 3)), slice("n1", nil, part(1, 3), named("again"), counterSet("card", pairs{"memory": "1"})), slice("n1", devices(1), part(1, 3))}
	overdrawn := claim("other", having("gpu.example.com/n1/whole", "gpu.example.com/n1/h1"))
	tpu := slices{
		slice("n1", nil, of("tpu.example.com"), part(1, 2), named("tpu-card"), counterSet("tpu", pairs{"cores": "1"})),
		slice("n1", []device{dev("t1", consuming("tpu", pairs{"cores": "1"})), dev("t2", consuming("tpu", pairs{"cores": "1"}))}, of("tpu.example.com"), part(1, 2), named("tpu-devices")),
	}
	return []*scenario{
		about(g, "whole", on1(parts()), request("r", count("any", 1))),
		about(g, "two halves", on1(parts()), request("r", count("any", 2))),
		about(g, "three halves", on1(parts()), request("r", count("any", 3))),
		about(g, "whole beside a half", on1(parts(), taken), request("r", count("any", 1, selecting(`device.capacity.size() == 0`)))),
		about(g, "half beside a half", on1(parts(), taken), request("r", count("any", 1))),
		about(g, "two beside a half", on1(parts(), taken), request("r", count("any", 2))),
		about(g, "all", on1(parts()), request("r", all("any"))),
		about(g, "no such set", on1(unknown), request("r", count("any", 1))),
		about(g, "no such counter", on1(unknownCounter), request("r", count("any", 1))),
		about(g, "one set twice", on1(twice), request("r", count("any", 1))),
		about(g, "overdrawn", on1(parts(), overdrawn), request("r", count("any", 1))),
		about(g, "drivers with pools of one name", on1(append(parts(), tpu...)),
			request("g", count("any", 1, selecting(`device.driver == "gpu.example.com"`))), request("t", count("any", 2, selecting(`device.driver == "tpu.example.com"`)))),
		about(g, "drivers with pools of one name, the other first", on1(append(parts(), tpu...)),
			request("t", count("any", 2, selecting(`device.driver == "tpu.example.com"`))), request("g", count("any", 3, selecting(`device.driver == "gpu.example.com"`)))),
		about(g, "used by a device elsewhere", &cluster{Nodes: nodes(2), ResourceSlices: slices{
			card(part(1, 3)), slice("n1", []device{half("h1")}, part(1, 3)),
			slice("n1", []device{whole}, part(1, 3), named("far"), func(s *resourceapi.ResourceSlice) { s.Spec.NodeName = pointer("n2") })},
			ResourceClaims: claims{claim("other", having("gpu.example.com/n1/whole"))}}, request("r", count("any", 1))),
	}
}

func capacityScenarios() []*scenario {
	const g = "capacity"
	quantity := func(text string) *resource.Quantity { return pointer(resource.MustParse(text)) }
	ranged := &resourceapi.CapacityRequestPolicy{Default: quantity("1Gi"), ValidRange: &resourceapi.CapacityRequestPolicyRange{Min: quantity("1Gi"), Max: quantity("8Gi"), Step: quantity("1Gi")}}
	valid := &resourceapi.CapacityRequestPolicy{Default: quantity("2Gi"), ValidValues: []resource.Quantity{resource.MustParse("2Gi"), resource.MustParse("4Gi")}}
	one := func(change ...deviceChange) slices { return slices{slice("n1", []device{dev("d", change...)})} }
	on1 := func(s slices, others ...*resourceapi.ResourceClaim) *cluster {
		return &cluster{Nodes: nodes(1), ResourceSlices: s, ResourceClaims: others}
	}
	used := func(amount string) *resourceapi.ResourceClaim {
		return claim("other", sharing("gpu.example.com/n1/d", "share-1", pairs{"memory": amount}))
	}
	want := func(amount string) claimChange {
		return request("r", count("any", 1, wanting(pairs{"memory": amount})))
	}
	return []*scenario{
		about(g, "own, enough", on1(one(capacity("memory", "8Gi"))), want("8Gi")),
		about(g, "own, not enough", on1(one(capacity("memory", "8Gi"))), want("9Gi")),
		about(g, "own, no such capacity", on1(one(capacity("cores", "8"))), want("1Gi")),
		about(g, "shared", on1(one(shared, capacity("memory", "8Gi")), used("4Gi")), want("4Gi")),
		about(g, "shared, not enough", on1(one(shared, capacity("memory", "8Gi")), used("4Gi")), want("5Gi")),
		about(g, "shared, without a wish", on1(one(shared, capacity("memory", "8Gi")), used("1")), request("r", count("any", 1))),
		about(g, "shared, the usual", on1(one(shared, capacity("memory", "8Gi", ranged)), used("7Gi")), request("r", count("any", 1))),
		about(g, "shared, rounded up", on1(one(shared, capacity("memory", "8Gi", ranged)), used("7Gi")), want("500Mi")),
		about(g, "shared, rounded up too far", on1(one(shared, capacity("memory", "8Gi", ranged)), used("7Gi")), want("1025Mi")),
		about(g, "shared, beyond what is valid", on1(one(shared, capacity("memory", "16Gi", ranged))), want("9Gi")),
		about(g, "shared, valid values", on1(one(shared, capacity("memory", "8Gi", valid)), used("4Gi")), want("3Gi")),
		about(g, "shared, beyond valid values", on1(one(shared, capacity("memory", "8Gi", valid))), want("5Gi")),
		about(g, "shared twice in one claim", on1(one(shared, capacity("memory", "8Gi"))), request("r", count("any", 1, wanting(pairs{"memory": "5Gi"}))), request("s", count("any", 1, wanting(pairs{"memory": "3Gi"})))),
		about(g, "shared twice is too much", on1(one(shared, capacity("memory", "8Gi"))), request("r", count("any", 1, wanting(pairs{"memory": "5Gi"}))), request("s", count("any", 1, wanting(pairs{"memory": "4Gi"})))),
		about(g, "two of one device in one request", on1(one(shared, capacity("memory", "8Gi"))), request("r", count("any", 2, wanting(pairs{"memory": "1Gi"})))),
		about(g, "owned by somebody", on1(one(shared, capacity("memory", "8Gi")), claim("other", having("gpu.example.com/n1/d"))), want("1Gi")),
		about(g, "all", on1(one(shared, capacity("memory", "8Gi")), used("4Gi")), request("r", all("any", wanting(pairs{"memory": "4Gi"})))),
		about(g, "all, one has not enough", on1(one(shared, capacity("memory", "8Gi")), used("4Gi")), request("r", all("any", wanting(pairs{"memory": "5Gi"})))),
	}
}

func allocatedScenarios() []*scenario {
	const g = "allocated"
	one := request("r", count("any", 1))
	conditions := func(status ...metav1.Condition) claimChange {
		return func(c *resourceapi.ResourceClaim) {
			result := &c.Status.Allocation.Devices.Results[0]
			result.BindingConditions = []string{"attached"}
			result.BindingFailureConditions = []string{"broken"}
			c.Status.Devices = []resourceapi.AllocatedDeviceStatus{{Driver: result.Driver, Pool: result.Pool, Device: result.Device, Conditions: status}}
		}
	}
	condition := func(kind string, status metav1.ConditionStatus) metav1.Condition {
		return metav1.Condition{Type: kind, Status: status, Reason: "r", LastTransitionTime: metav1.Time{Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}
	}
	device := "gpu.example.com/n1/gpu-0"
	busy := requesting(pairs{"cpu": "5"})
	return []*scenario{
		about(g, "there", &cluster{ResourceSlices: both()}, one, having(device), on("n1")),
		about(g, "anywhere", &cluster{ResourceSlices: both()}, one, having(device)),
		about(g, "nowhere, nobody has it", &cluster{ResourceSlices: both()}, one, having(device), on("gone")),
		about(g, "nowhere, mine", &cluster{ResourceSlices: both()}, one, having(device), on("gone"), reservedFor("p")),
		about(g, "nowhere, somebody has it", &cluster{ResourceSlices: both()}, one, having(device), on("gone"), reservedFor("q")),
		about(g, "nowhere, somebody shares it", &cluster{ResourceSlices: both()}, one, having(device), on("gone"), reservedFor("p", "q")),
		about(g, "there, used by others", &cluster{ResourceSlices: both()}, one, having(device), on("n1"), reservedFor("q", "s")),
		about(g, "ready to be bound", &cluster{ResourceSlices: both()}, one, having(device), on("n1"), conditions(condition("attached", "True"))),
		about(g, "waits to be bound", &cluster{ResourceSlices: both()}, one, having(device), on("n1"), conditions(condition("attached", "False"))),
		about(g, "failed to be bound", &cluster{ResourceSlices: both()}, one, having(device), on("n1"), conditions(condition("broken", "True"))),
		with(g, "there, but the node is full", &cluster{ResourceSlices: both(), ResourceClaims: claims{claim("mine", one, having(device), on("n1"))}}, pod("p", using("mine"), busy)),
		with(g, "one there, one wanted elsewhere", &cluster{ResourceSlices: slices{slice("n2", devices(1))}, ResourceClaims: claims{
			claim("a", one, having("gpu.example.com/n1/gpu-0"), on("n1")), claim("b", one)}}, pod("p", using("a", "b"))),
		with(g, "one there, one wanted there", &cluster{ResourceSlices: both(), ResourceClaims: claims{
			claim("a", one, having("gpu.example.com/n1/gpu-0"), on("n1")), claim("b", one)}}, pod("p", using("a", "b"))),
		about(g, "binding conditions, wanted", &cluster{ResourceSlices: both(func(d *resourceapi.Device) { d.BindingConditions = []string{"attached"} })}, one),
	}
}

func claimScenarios() []*scenario {
	const g = "claim"
	one := request("r", count("any", 1))
	template := func(p *v1.Pod) {
		p.Spec.ResourceClaims = []v1.PodResourceClaim{{Name: "c", ResourceClaimTemplateName: pointer("template")}}
	}
	generated := func(name *string) func(*v1.Pod) {
		return func(p *v1.Pod) {
			p.Status.ResourceClaimStatuses = []v1.PodResourceClaimStatus{{Name: "c", ResourceClaimName: name}}
		}
	}
	owned := func(c *resourceapi.ResourceClaim) {
		c.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "Pod", Name: "p", UID: "pod-p", Controller: pointer(true)}}
	}
	return []*scenario{
		with(g, "not there", &cluster{}, pod("p", using("nobody"))),
		about(g, "being deleted", &cluster{ResourceSlices: both()}, one, func(c *resourceapi.ResourceClaim) {
			c.DeletionTimestamp = &metav1.Time{Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
			c.Finalizers = []string{"x/y"}
		}),
		with(g, "not generated yet", &cluster{}, pod("p", template)),
		with(g, "generated", &cluster{ResourceSlices: both(), ResourceClaims: claims{claim("mine", one, owned)}}, pod("p", template, generated(pointer("mine")))),
		with(g, "generated for somebody else", &cluster{ResourceSlices: both(), ResourceClaims: claims{claim("mine", one)}}, pod("p", template, generated(pointer("mine")))),
		with(g, "not needed", &cluster{ResourceSlices: both()}, pod("p", template, generated(nil))),
		with(g, "of no kind", &cluster{ResourceSlices: both()}, pod("p", func(p *v1.Pod) { p.Spec.ResourceClaims = []v1.PodResourceClaim{{Name: "c"}} })),
		about(g, "class that is not there", &cluster{ResourceSlices: both()}, request("r", count("nobody", 1))),
		about(g, "no class", &cluster{ResourceSlices: both()}, request("r", count("", 1))),
		about(g, "request of no kind", &cluster{ResourceSlices: both()}, func(c *resourceapi.ResourceClaim) {
			c.Spec.Devices.Requests = []resourceapi.DeviceRequest{{Name: "r"}}
		}),
		about(g, "selector of no kind", &cluster{ResourceSlices: both()}, request("r", count("any", 1, func(e *exact) { e.Selectors = []resourceapi.DeviceSelector{{}} }))),
		about(g, "another mode", &cluster{ResourceSlices: both()}, request("r", count("any", 1, func(e *exact) { e.AllocationMode = "Some" }))),
	}
}

func extendedScenarios() []*scenario {
	const g = "extended"
	const name = "example.com/gpu"
	stands := func() classes { return classes{standingFor(name, 1, class("any"))} }
	gpus := func(n string) func(*v1.Pod) { return requesting(pairs{name: n}) }
	mixed := []*v1.Node{node("n1"), node("n2", offering(name, "2")), node("n3", offering(name, "0"))}
	leftOver := claim("left", request("container-0-request-0", count("any", 1)), func(c *resourceapi.ResourceClaim) {
		c.Annotations = pairs{resourceapi.ExtendedResourceClaimAnnotation: "true"}
		c.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "Pod", Name: "p", UID: types.UID("pod-p"), Controller: pointer(true)}}
	})
	with3 := func(p *v1.Pod) {
		always := v1.ContainerRestartPolicyAlways
		sidecar := container("sidecar", pairs{name: "1"})
		sidecar.RestartPolicy = &always
		p.Spec.InitContainers = []v1.Container{container("init", pairs{name: "4"}), sidecar, container("late", pairs{name: "2"})}
		p.Spec.Containers = []v1.Container{container("a", pairs{name: "1", "cpu": "1"}), container("b", pairs{name: "1"})}
	}
	return []*scenario{
		with(g, "served by devices", &cluster{DeviceClasses: stands(), ResourceSlices: both()}, pod("p", gpus("2"))),
		with(g, "too many", &cluster{DeviceClasses: stands(), ResourceSlices: both()}, pod("p", gpus("3"))),
		with(g, "by its implicit name", &cluster{DeviceClasses: stands(), ResourceSlices: both()}, pod("p", requesting(pairs{"deviceclass.resource.kubernetes.io/any": "1"}))),
		with(g, "by an implicit name of nobody", &cluster{DeviceClasses: stands(), ResourceSlices: both()}, pod("p", requesting(pairs{"deviceclass.resource.kubernetes.io/nobody": "1"}))),
		with(g, "by nodes and devices", &cluster{Nodes: mixed, DeviceClasses: stands(), ResourceSlices: slices{slice("n1", devices(1)), slice("n3", devices(3))}}, pod("p", gpus("2"))),
		with(g, "beside one of nobody", &cluster{DeviceClasses: stands(), ResourceSlices: both()}, pod("p", requesting(pairs{name: "1", "example.com/fpga": "1"}))),
		with(g, "containers one after the other", &cluster{Nodes: nodes(1), DeviceClasses: stands(), ResourceSlices: slices{slice("n1", devices(4))}}, pod("p", with3)),
		with(g, "containers one after the other, too few", &cluster{Nodes: nodes(1), DeviceClasses: stands(), ResourceSlices: slices{slice("n1", devices(3))}}, pod("p", with3)),
		with(g, "left over", &cluster{DeviceClasses: stands(), ResourceSlices: both(), ResourceClaims: claims{leftOver}}, pod("p", gpus("1"))),
		with(g, "beside a claim", &cluster{DeviceClasses: stands(), ResourceSlices: both(), ResourceClaims: claims{claim("mine", request("r", count("any", 1)))}}, pod("p", gpus("1"), using("mine"))),
		with(g, "beside a claim, too many", &cluster{DeviceClasses: stands(), ResourceSlices: both(), ResourceClaims: claims{claim("mine", request("r", count("any", 1)))}}, pod("p", gpus("2"), using("mine"))),
		with(g, "served by the node, beside a claim", &cluster{Nodes: mixed, DeviceClasses: stands(), ResourceSlices: slices{slice("n2", devices(1))}, ResourceClaims: claims{claim("mine", request("r", count("any", 1)))}}, pod("p", gpus("1"), using("mine"))),
		with(g, "two classes of one name", &cluster{DeviceClasses: classes{
			standingFor(name, 5, class("older", `device.driver == "x"`)), standingFor(name, 1, class("younger"))}, ResourceSlices: both()}, pod("p", gpus("1"))),
		with(g, "nothing asked for", &cluster{DeviceClasses: stands(), ResourceSlices: both()}, pod("p", requesting(pairs{name: "0"}))),
	}
}
