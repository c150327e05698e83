// Command informer has the two ends that the informers of this project are measured against: an API server whose
// answers are serialised in advance, so that it is never what one waits for, and client-go's SharedIndexInformer.
//
//	informer -serve 127.0.0.1:18080 -pods 50000
//	informer -client http://127.0.0.1:18080 -mode list|watchlist [-events 50000 -handlers 10]
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

func main() {
	var (
		address    = flag.String("serve", "", "address of the API server to run")
		pods       = flag.Int("pods", 10000, "with -serve: number of pods")
		pending    = flag.Int("pending", 0, "with -serve: how many of the pods wait for a node")
		nodes      = flag.Int("nodes", 0, "with -serve: number of nodes")
		namespaces = flag.Int("namespaces", 50, "with -serve: number of namespaces that the pods are spread over")
		url        = flag.String("client", "", "URL of a running server: measure once and print JSON")
		mode       = flag.String("mode", "list", "with -client: list or watchlist")
		events     = flag.Int("events", 0, "with -client: number of MODIFIED events to ask for after the sync")
		handlers   = flag.Int("handlers", 1, "with -client: number of handlers")
	)
	flag.Parse()
	klog.SetLogger(logr.Discard())
	var err error
	switch {
	case *address != "":
		err = serve(*address, *pods, *pending, *nodes, *namespaces)
	case *url != "":
		err = measure(*url, measurement{Mode: *mode, Events: *events, Handlers: *handlers})
	default:
		flag.Usage()
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "informer:", err)
		os.Exit(1)
	}
}
