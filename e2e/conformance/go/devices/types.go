package main

import (
	v1 "k8s.io/api/core/v1"
	resourceapi "k8s.io/api/resource/v1"
)

// The recordings have the format that the replay of filters reads: clusters, pods, and what became of each pod.

type cluster struct {
	Nodes          []*v1.Node                   `json:"nodes,omitempty"`
	Pods           []*v1.Pod                    `json:"pods,omitempty"`
	DeviceClasses  []*resourceapi.DeviceClass   `json:"deviceClasses,omitempty"`
	ResourceClaims []*resourceapi.ResourceClaim `json:"resourceClaims,omitempty"`
	ResourceSlices []*resourceapi.ResourceSlice `json:"resourceSlices,omitempty"`
}

type scenario struct {
	Name    string      `json:"name"`
	Group   string      `json:"group"`
	Cluster *cluster    `json:"cluster"`
	Cases   []*testCase `json:"cases"`
}

type testCase struct {
	Name   string   `json:"name"`
	Pod    *v1.Pod  `json:"pod"`
	Expect *outcome `json:"expect,omitempty"`
}

// Reasons are sorted: their order inside one status may be random.
type status struct {
	Plugin  string   `json:"plugin,omitempty"`
	Code    string   `json:"code"`
	Reasons []string `json:"reasons,omitempty"`
}

type preFilter struct {
	status
	NodeNames        []string `json:"nodeNames"`
	NodeNamesPlugins []string `json:"nodeNamesPlugins,omitempty"`
	Skipped          []string `json:"skipped,omitempty"`
	PerPlugin        []status `json:"perPlugin"`
}

type nodeOutcome struct {
	Node string `json:"node"`
	status
	Evaluated bool `json:"evaluated"`
	// What each plugin says that is asked alone.
	Rejections []status `json:"rejections,omitempty"`
}

type queueState struct {
	In                     string   `json:"in"`
	UnschedulablePlugins   []string `json:"unschedulablePlugins,omitempty"`
	PendingPlugins         []string `json:"pendingPlugins,omitempty"`
	GatingPlugin           string   `json:"gatingPlugin,omitempty"`
	Attempts               int      `json:"attempts"`
	UnschedulableCount     int      `json:"unschedulableCount"`
	ConsecutiveErrorsCount int      `json:"consecutiveErrorsCount"`
}

type outcome struct {
	Outcome           string        `json:"outcome"`
	PreEnqueue        []status      `json:"preEnqueue"`
	PreFilter         *preFilter    `json:"preFilter,omitempty"`
	Nodes             []nodeOutcome `json:"nodes,omitempty"`
	Feasible          []string      `json:"feasible,omitempty"`
	EvaluatedNodes    int           `json:"evaluatedNodes,omitempty"`
	FitError          string        `json:"fitError,omitempty"`
	PostFilter        string        `json:"postFilter,omitempty"`
	Message           string        `json:"message,omitempty"`
	Reason            string        `json:"reason,omitempty"`
	EventNote         string        `json:"eventNote,omitempty"`
	NominatedNodeName string        `json:"nominatedNodeName,omitempty"`
	Queue             *queueState   `json:"queue,omitempty"`
}
