// Where the app begins.
import { openForm } from "./form/index";

document.querySelector("#app")!.textContent = typeof openForm === "function" ? "Notes" : "";
