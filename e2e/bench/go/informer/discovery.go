package main

// discovery is what a client asks for before it lists: one version of the core, and no groups. Resources that are not
// named here can be listed all the same, and are empty.
var discovery = map[string]any{
	"/version": map[string]any{"major": "1", "minor": "36", "gitVersion": "v1.36.3"},
	"/api":     map[string]any{"kind": "APIVersions", "versions": []string{"v1"}},
	"/apis":    map[string]any{"kind": "APIGroupList", "apiVersion": "v1", "groups": []any{}},
	"/api/v1": map[string]any{"kind": "APIResourceList", "groupVersion": "v1", "resources": []any{
		map[string]any{"name": "pods", "kind": "Pod", "namespaced": true, "verbs": []string{"list", "watch"}},
		map[string]any{"name": "nodes", "kind": "Node", "namespaced": false, "verbs": []string{"list", "watch"}},
	}},
}
