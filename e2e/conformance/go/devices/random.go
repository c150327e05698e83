package main

import (
	"fmt"
	"hash/fnv"

	v1 "k8s.io/api/core/v1"
	resourceapi "k8s.io/api/resource/v1"
)

// dice are splitmix64: the same numbers everywhere.
type dice struct{ state uint64 }

func newDice(seed int) *dice {
	h := fnv.New64a()
	fmt.Fprintf(h, "devices %d", seed)
	return &dice{h.Sum64()}
}

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

func (d *dice) n(max int) int         { return int(d.next() % uint64(max)) }
func (d *dice) between(a, b int) int  { return a + d.n(b-a+1) }
func (d *dice) in(percent int) bool   { return d.n(100) < percent }
func of1[T any](d *dice, xs ...T) T   { return xs[d.n(len(xs))] }
func (d *dice) driver() string        { return of1(d, gpu, gpu, gpu, "nic.example.com") }
func (d *dice) count() int64          { return int64(of1(d, 1, 1, 1, 2, 2, 3)) }
func (d *dice) attributeName() string { return of1(d, "model", "numa", "cores", "fast") }

const podsPerSeed = 8

func randomScenario(seed int) *scenario {
	d := newDice(seed)
	c := &cluster{}
	for i := range d.between(2, 4) {
		n := node(fmt.Sprintf("n%d", i+1), labelled("zone", of1(d, "a", "b")))
		if d.in(15) {
			offering("example.com/gpu", of1(d, "1", "2"))(n)
		}
		c.Nodes = append(c.Nodes, n)
	}
	d.classes(c)
	for _, n := range c.Nodes {
		for range d.between(0, 2) {
			d.pool(c, n.Name, n.Name)
		}
	}
	if d.in(40) {
		d.pool(c, "fabric", "")
	}
	d.others(c)
	s := &scenario{Name: fmt.Sprintf("seed-%d", seed), Group: "random", Cluster: c}
	for i := range podsPerSeed {
		s.Cases = append(s.Cases, &testCase{Name: fmt.Sprintf("p%d", i), Pod: d.pod(c, i)})
	}
	return s
}

func (d *dice) classes(c *cluster) {
	c.DeviceClasses = classes{class("any"), class("gpu", `device.driver == "gpu.example.com"`)}
	if d.in(70) {
		c.DeviceClasses = append(c.DeviceClasses, class("picky", d.expressionOf("gpu.example.com")))
	}
	if d.in(50) {
		c.DeviceClasses = append(c.DeviceClasses, standingFor("example.com/gpu", 1, class("extended", `device.driver == "gpu.example.com"`)))
	}
}

func (d *dice) expressionOf(driver string) string {
	a := fmt.Sprintf("device.attributes[%q]", driver)
	memory := fmt.Sprintf("device.capacity[%q].memory", driver)
	return of1(d,
		a+`.model == "a100"`,
		a+`.model in ["a100", "h100"]`,
		a+`.cores > 8`,
		a+`.cores <= 16 && `+a+`.model != "v100"`,
		`has(`+a+`.fast) && `+a+`.fast`,
		a+`.?fast.orValue(false) || `+a+`.cores == 8`,
		a+`.numa == 1 || `+a+`.model == "h100"`,
		`cel.bind(own, `+a+`, own.numa < 2 && own.cores >= 8)`,
		memory+`.compareTo(quantity("40Gi")) >= 0`,
		memory+`.isLessThan(quantity("60Gi"))`,
		`device.driver == "`+driver+`" && `+a+`.model.startsWith("h")`,
		fmt.Sprintf("%q in device.attributes && ", driver)+a+`.numa == 0`,
		`device.allowMultipleAllocations || `+a+`.model == "a100"`,
		`!device.allowMultipleAllocations`,
		a+`.version.isGreaterThan(semver("1.5.0"))`,
		a+`.model.matches("^[ah]1")`,
	)
}

func (d *dice) pool(c *cluster, name, nodeName string) {
	driver := d.driver()
	for _, s := range c.ResourceSlices {
		if s.Spec.Driver == driver && s.Spec.Pool.Name == name {
			return
		}
	}
	parts := of1(d, 1, 1, 1, 2)
	hasCounters := d.in(20)
	total := parts
	if hasCounters {
		total++
	}
	if d.in(5) {
		total++
	}
	place := func(s *resourceapi.ResourceSlice) { s.Spec.NodeName = &nodeName }
	if nodeName == "" {
		place = of1(d, everywhere, where("zone", "a"))
	}
	change := func(i int) []sliceChange {
		return []sliceChange{of(driver), part(1, int64(total)), place, named(fmt.Sprintf("%s-%s-%d", driver, name, i))}
	}
	serial := 0
	for i := range parts {
		var all []device
		for range d.between(1, 3) {
			all = append(all, d.device(fmt.Sprintf("d%d", serial), hasCounters))
			serial++
		}
		if d.in(3) {
			all = append(all, dev("d0"))
		}
		c.ResourceSlices = append(c.ResourceSlices, slice(name, all, change(i)...))
	}
	if hasCounters {
		sets := append(change(9), counterSet("card", pairs{"memory": "80Gi", "parts": of1(d, "2", "4")}))
		c.ResourceSlices = append(c.ResourceSlices, slice(name, nil, sets...))
	}
	if d.in(8) {
		old := append(change(8), part(0, 1))
		c.ResourceSlices = append(c.ResourceSlices, slice(name, devices(2), old...))
	}
}

func (d *dice) device(name string, hasCounters bool) device {
	out := dev(name)
	for _, each := range []struct {
		percent int
		change  deviceChange
	}{
		{95, attribute("model", of1(d, "a100", "h100", "v100"))},
		{95, attribute("numa", d.n(3))},
		{95, attribute("cores", of1(d, 4, 8, 16))},
		{40, attribute("fast", d.in(50))},
		{90, version("version", of1(d, "1.2.0", "1.5.0", "2.0.0-beta.1"))},
		{12, tainted("broken", of1(d, "", "yes"), of1(d, resourceapi.DeviceTaintEffectNoSchedule, resourceapi.DeviceTaintEffectNoExecute, resourceapi.DeviceTaintEffectNone))},
		{85, capacity("memory", of1(d, "20Gi", "40Gi", "80Gi"))},
		{15, shared},
	} {
		if d.in(each.percent) {
			each.change(&out)
		}
	}
	if hasCounters && d.in(80) {
		consuming("card", pairs{"memory": of1(d, "20Gi", "40Gi"), "parts": of1(d, "1", "2")})(&out)
	}
	if d.in(5) {
		out.BindingConditions = []string{"attached"}
	}
	return out
}

// others are claims that have devices already.
func (d *dice) others(c *cluster) {
	for _, s := range c.ResourceSlices {
		for _, each := range s.Spec.Devices {
			if !d.in(30) {
				continue
			}
			id := fmt.Sprintf("%s/%s/%s", s.Spec.Driver, s.Spec.Pool.Name, each.Name)
			name := fmt.Sprintf("other-%d", len(c.ResourceClaims))
			switch {
			case each.AllowMultipleAllocations != nil && d.in(80):
				c.ResourceClaims = append(c.ResourceClaims, claim(name, sharing(id, "share-"+name, pairs{"memory": of1(d, "5Gi", "20Gi")})))
			case d.in(10):
				c.ResourceClaims = append(c.ResourceClaims, claim(name, asAdmin(id)))
			default:
				c.ResourceClaims = append(c.ResourceClaims, claim(name, having(id), reservedFor("running")))
			}
		}
	}
}

func (d *dice) pod(c *cluster, i int) *v1.Pod {
	p := pod(fmt.Sprintf("p%d", i))
	if d.in(20) {
		requesting(pairs{of1(d, "example.com/gpu", "deviceclass.resource.kubernetes.io/gpu"): of1(d, "1", "2")})(p)
		if d.in(60) {
			return p
		}
	}
	for j := range of1(d, 1, 1, 2) {
		name := fmt.Sprintf("c%d-%d", i, j)
		c.ResourceClaims = append(c.ResourceClaims, d.claim(c, name))
		using(name)(p)
	}
	if d.in(10) {
		p.Spec.Containers[0].Resources.Requests = amounts(pairs{"cpu": "5"})
	}
	return p
}

func (d *dice) claim(c *cluster, name string) *resourceapi.ResourceClaim {
	out := claim(name)
	if d.in(8) {
		request("r", count("any", 1))(out)
		having(fmt.Sprintf("%s/%s/d0", gpu, c.Nodes[0].Name))(out)
		on(of1(d, c.Nodes[0].Name, "gone"))(out)
		if d.in(50) {
			reservedFor("running")(out)
		}
		return out
	}
	for i := range of1(d, 1, 1, 2) {
		r := fmt.Sprintf("r%d", i)
		if d.in(20) {
			first(r, alternative("x", d.wish(c)), alternative("y", d.wish(c)))(out)
			continue
		}
		wish := d.wish(c)
		if d.in(6) {
			admin(&wish)
		}
		request(r, wish)(out)
	}
	if d.in(30) {
		matching("gpu.example.com/" + d.attributeName())(out)
	}
	if d.in(10) {
		distinct("gpu.example.com/" + d.attributeName())(out)
	}
	return out
}

func (d *dice) wish(c *cluster) exact {
	wish := count(of1(d, c.DeviceClasses...).Name, d.count())
	if d.in(12) {
		wish = all(wish.DeviceClassName)
	}
	if d.in(40) {
		selecting(d.expressionOf(of1(d, gpu, gpu, gpu, gpu, "nic.example.com")))(&wish)
	}
	if d.in(15) {
		tolerating(resourceapi.DeviceToleration{Key: "broken", Operator: resourceapi.DeviceTolerationOpExists})(&wish)
	}
	if d.in(20) {
		wanting(pairs{"memory": of1(d, "5Gi", "20Gi", "50Gi")})(&wish)
	}
	return wish
}
