package main

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// sampleNode is a node with the thirty images that a kubelet reports, which are most of it.
func sampleNode(i int) *corev1.Node {
	when := metav1.NewTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	name := nodeName(i)
	resources := corev1.ResourceList{
		corev1.ResourceCPU: resource.MustParse("16"), corev1.ResourceMemory: resource.MustParse("64Gi"),
		corev1.ResourceEphemeralStorage: resource.MustParse("200Gi"), corev1.ResourcePods: resource.MustParse("110"),
	}
	images := make([]corev1.ContainerImage, 30)
	for n := range images {
		images[n] = corev1.ContainerImage{SizeBytes: int64(n) * 7919 * 7919, Names: []string{
			fmt.Sprintf("images.example.com/team/service-%03d@sha256:%064x", n, n),
			fmt.Sprintf("images.example.com/team/service-%03d:v1.27.4", n),
		}}
	}
	condition := func(t corev1.NodeConditionType, s corev1.ConditionStatus) corev1.NodeCondition {
		return corev1.NodeCondition{Type: t, Status: s, LastHeartbeatTime: when, LastTransitionTime: when, Reason: "Kubelet", Message: "kubelet says so"}
	}
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{
			Name: name, UID: types.UID(fmt.Sprintf("%08x-2222-4000-8000-%012x", i, i)), ResourceVersion: "@RV@", CreationTimestamp: when,
			Labels: map[string]string{
				"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
				"topology.kubernetes.io/zone": fmt.Sprintf("zone-%d", i%3), "node.kubernetes.io/instance-type": "standard-16",
			},
		},
		Spec: corev1.NodeSpec{PodCIDR: fmt.Sprintf("10.%d.%d.0/24", 64+i/256, i%256), ProviderID: "example:///" + name},
		Status: corev1.NodeStatus{
			Capacity: resources, Allocatable: resources, Images: images,
			Conditions: []corev1.NodeCondition{
				condition(corev1.NodeMemoryPressure, corev1.ConditionFalse), condition(corev1.NodeDiskPressure, corev1.ConditionFalse),
				condition(corev1.NodePIDPressure, corev1.ConditionFalse), condition(corev1.NodeReady, corev1.ConditionTrue),
			},
			Addresses: []corev1.NodeAddress{{Type: corev1.NodeHostName, Address: name}, {Type: corev1.NodeInternalIP, Address: fmt.Sprintf("10.1.%d.%d", i/256, i%256)}},
		},
	}
}
