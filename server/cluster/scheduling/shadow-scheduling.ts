export class ShadowScheduling {
  constructor(_o: unknown) {
    throw new Error("not yet");
  }
}
