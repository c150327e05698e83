package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// measurement is what one fresh process measures: typed Pods, JSON, one namespace index, handlers that count.
type measurement struct {
	Mode     string `json:"mode"`
	Pods     int    `json:"pods"`
	Handlers int    `json:"handlers"`
	Events   int    `json:"events"`
	// From the start of Run until every registration has synced.
	SyncMs     float64 `json:"syncMs"`
	PeakRSSMiB float64 `json:"peakRssMiB"`
	// From asking for the events until the last handler has counted the last one.
	DeliverMs float64 `json:"deliverMs"`
}

type countingHandler struct {
	updates atomic.Int64
	want    int64
	done    chan struct{}
}

func (h *countingHandler) OnAdd(any, bool) {}
func (h *countingHandler) OnUpdate(_, _ any) {
	if h.updates.Add(1) == h.want {
		close(h.done)
	}
}
func (h *countingHandler) OnDelete(any) {}

func measure(url string, m measurement) error {
	if err := os.Setenv("KUBE_FEATURE_WatchListClient", strconv.FormatBool(m.Mode == "watchlist")); err != nil {
		return err
	}
	var info struct{ Pods int }
	if err := ask("GET", url+"/bench/info", &info); err != nil {
		return err
	}
	m.Pods = info.Pods
	informer, err := newInformer(url)
	if err != nil {
		return err
	}
	handlers := make([]*countingHandler, m.Handlers)
	registrations := make([]cache.ResourceEventHandlerRegistration, m.Handlers)
	for i := range handlers {
		handlers[i] = &countingHandler{want: int64(m.Events), done: make(chan struct{})}
		if registrations[i], err = informer.AddEventHandler(handlers[i]); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	start := time.Now()
	go informer.RunWithContext(ctx)
	for _, registration := range registrations {
		<-registration.HasSyncedChecker().Done()
	}
	m.SyncMs = milliseconds(time.Since(start))
	m.PeakRSSMiB = peakRSS()
	if got := len(informer.GetStore().ListKeys()); got != m.Pods {
		return fmt.Errorf("the store has %d objects, the server %d", got, m.Pods)
	}
	if m.Events > 0 {
		if m.DeliverMs, err = flood(url, m.Events, handlers); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(m)
}

func newInformer(url string) (cache.SharedIndexInformer, error) {
	scheme := runtime.NewScheme()
	utilruntime.Must(corev1.AddToScheme(scheme))
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	client, err := rest.RESTClientFor(&rest.Config{Host: url, APIPath: "/api", QPS: -1,
		ContentConfig: rest.ContentConfig{
			GroupVersion:         &schema.GroupVersion{Version: "v1"},
			NegotiatedSerializer: serializer.NewCodecFactory(scheme).WithoutConversion(),
		}})
	if err != nil {
		return nil, err
	}
	source := cache.NewListWatchFromClient(client, "pods", "", fields.Everything())
	indexers := cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc}
	return cache.NewSharedIndexInformer(source, &corev1.Pod{}, 0, indexers), nil
}

func flood(url string, events int, handlers []*countingHandler) (float64, error) {
	for {
		var info struct{ OpenWatches int }
		if err := ask("GET", url+"/bench/info", &info); err != nil {
			return 0, err
		}
		if info.OpenWatches > 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	start := time.Now()
	if err := ask("POST", fmt.Sprintf("%s/bench/flood?events=%d", url, events), &struct{}{}); err != nil {
		return 0, err
	}
	for _, handler := range handlers {
		<-handler.done
	}
	return milliseconds(time.Since(start)), nil
}

func ask(method, url string, into any) error {
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(response.Body).Decode(into)
}

func peakRSS() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		return 0
	}
	kilobytes, _ := strconv.ParseFloat(string(found[1]), 64)
	return kilobytes / 1024
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
