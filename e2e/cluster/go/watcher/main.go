// Command watcher runs client-go's informers on a cluster and says on its output, a line of JSON each, everything that
// their handlers are told.
//
// The first line of its input says where the cluster is and what is watched. Each further line names a resource, and
// is answered by what its store holds then. It ends with its input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

type target struct {
	Server    string   `json:"server"`
	Token     string   `json:"token"`
	Authority string   `json:"authority"`
	Resources []string `json:"resources"`
}

type object struct {
	UID       string `json:"uid"`
	Version   string `json:"resourceVersion"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// line is one notification, or the answer about a store.
type line struct {
	Kind       string   `json:"kind"`
	Resource   string   `json:"resource"`
	Old        *object  `json:"old,omitempty"`
	Object     *object  `json:"object,omitempty"`
	IsInferred bool     `json:"isInferred,omitempty"`
	Stored     []object `json:"stored,omitempty"`
}

var output = struct {
	sync.Mutex
	encoder *json.Encoder
}{encoder: json.NewEncoder(os.Stdout)}

func say(said line) {
	output.Lock()
	defer output.Unlock()
	if err := output.encoder.Encode(said); err != nil {
		os.Exit(1)
	}
}

func objectOf(given any) *object {
	found := given.(*unstructured.Unstructured)
	return &object{UID: string(found.GetUID()), Version: found.GetResourceVersion(), Namespace: found.GetNamespace(), Name: found.GetName()}
}

// teller is a handler that only says what it is told.
func teller(resource string) cache.ResourceEventHandler {
	return cache.ResourceEventHandlerFuncs{
		AddFunc: func(added any) { say(line{Kind: "add", Resource: resource, Object: objectOf(added)}) },
		UpdateFunc: func(old, updated any) {
			say(line{Kind: "update", Resource: resource, Old: objectOf(old), Object: objectOf(updated)})
		},
		DeleteFunc: func(deleted any) {
			if unknown, isInferred := deleted.(cache.DeletedFinalStateUnknown); isInferred {
				say(line{Kind: "delete", Resource: resource, Object: objectOf(unknown.Obj), IsInferred: true})
				return
			}
			say(line{Kind: "delete", Resource: resource, Object: objectOf(deleted)})
		},
	}
}

// resourceOf reads v1/pods and apps/v1/deployments.
func resourceOf(key string) schema.GroupVersionResource {
	parts := strings.Split(key, "/")
	if len(parts) == 2 {
		parts = append([]string{""}, parts...)
	}
	return schema.GroupVersionResource{Group: parts[0], Version: parts[1], Resource: parts[2]}
}

func run() error {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	if !input.Scan() {
		return fmt.Errorf("nothing to watch was named: %w", input.Err())
	}
	var asked target
	if err := json.Unmarshal(input.Bytes(), &asked); err != nil {
		return err
	}
	client, err := dynamic.NewForConfig(&rest.Config{
		Host: asked.Server, BearerToken: asked.Token, QPS: -1,
		TLSClientConfig: rest.TLSClientConfig{CAData: []byte(asked.Authority)},
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	factory := dynamicinformer.NewDynamicSharedInformerFactory(client, 0)
	stores := map[string]cache.Store{}
	for _, key := range asked.Resources {
		informer := factory.ForResource(resourceOf(key)).Informer()
		if _, err := informer.AddEventHandler(teller(key)); err != nil {
			return err
		}
		stores[key] = informer.GetStore()
	}
	factory.Start(ctx.Done())
	for input.Scan() {
		key := input.Text()
		stored := []object{}
		for _, each := range stores[key].List() {
			stored = append(stored, *objectOf(each))
		}
		say(line{Kind: "stored", Resource: key, Stored: stored})
	}
	return input.Err()
}

func main() {
	klog.SetLogger(logr.Discard())
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "watcher:", err)
		os.Exit(1)
	}
}
