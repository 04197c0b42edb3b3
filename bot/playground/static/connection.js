// The WebSocket to the playground. It connects again by itself; each time the whole state comes first.

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 5000;

export class Connection {
  /** @param onMessage gets each parsed message; @param onStatus gets "connected" or "connecting". */
  constructor(onMessage, onStatus) {
    this.onMessage = onMessage;
    this.onStatus = onStatus;
    this.pause = FIRST_PAUSE;
    this.connect();
  }

  connect() {
    this.onStatus("connecting");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${scheme}//${location.host}/ws`);
    this.socket.addEventListener("open", () => {
      this.pause = FIRST_PAUSE;
      this.onStatus("connected");
    });
    this.socket.addEventListener("message", (event) => this.onMessage(JSON.parse(event.data)));
    this.socket.addEventListener("close", () => this.connectLater());
  }

  connectLater() {
    this.onStatus("connecting");
    setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  /** Send an order; false when there is no connection at the moment. */
  send(order) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(order));
    return true;
  }
}
