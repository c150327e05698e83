import type { Timer } from "#lib/clock/index.ts";
import type { ScenarioContext } from "./context.ts";
import { startChurn } from "./churn.ts";

const stormMs = 5000;

/** Nobody can go on where they stopped: every five seconds all history is gone, and with it every watch. */
export function startHistoryStorm(context: ScenarioContext): () => void {
  const stopChurn = startChurn(context, { writesPerSecond: 20 });
  let timer: Timer;
  const forgetLater = (): void => {
    timer = context.clock.setTimer(stormMs, () => {
      context.loseHistory();
      forgetLater();
    });
  };
  forgetLater();
  return () => {
    timer.cancel();
    stopChurn();
  };
}
