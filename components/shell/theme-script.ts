/** Where a browser keeps the choice. */
export const storageKey = "kube-inflight.theme";

/**
 * Runs before the first paint, as an inline script whose hash is in the content security policy: the choice, else what
 * the system prefers.
 */
export const themeScript = `(()=>{let t;try{t=localStorage.getItem("${storageKey}")}catch{}document.documentElement.dataset.theme=t==="light"||t==="dark"?t:matchMedia("(prefers-color-scheme: light)").matches?"light":"dark"})()`;
