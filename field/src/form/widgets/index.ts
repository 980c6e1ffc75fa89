// Which widget asks which question. Every way through ends in one: nothing that a form asks is left out silently.
import type { AnyInputNode } from "@getodk/xforms-engine";
import { appearances, attribute, type Ask, type Widget } from "../ask";
import { NEEDS } from "../older";
import { barcodeWidget } from "./barcode";
import { dateWidget } from "./date";
import { numberWidget } from "./number";
import { placeWidget } from "./place";
import { intentOf, otherAppWidget, triggerWidget, unsupportedWidget, withSaying } from "./plain";
import { rangeWidget } from "./range";
import { rankWidget } from "./rank";
import { selectWidget } from "./select";
import { textWidget } from "./text";
import { uploadWidget } from "./upload";

export function widgetFor(ask: Ask): Widget {
  const { node } = ask;
  const needs = attribute(node, NEEDS);
  if (needs) return unsupportedWidget(ask, needs);
  switch (node.nodeType) {
    case "select":
      return selectWidget(ask as never);
    case "rank":
      return rankWidget(ask as never);
    case "range":
      return rangeWidget(ask as never);
    case "trigger":
      return triggerWidget(ask as never);
    case "upload":
      return uploadWidget(ask as never);
    case "input":
      return inputWidget(ask as Ask<AnyInputNode>);
    default:
      return unsupportedWidget(ask, node.nodeType);
  }
}

function inputWidget(ask: Ask<AnyInputNode>): Widget {
  const { node, say } = ask;
  const wanted = appearances(node);
  const external = [...wanted].find((word) => word.startsWith("ex:"));
  if (external || node.valueType === "intent") return otherAppWidget(ask, intentOf(ask as Ask, external));
  switch (node.valueType) {
    case "int":
    case "decimal":
      return wanted.has("bearing") ? withSaying(numberWidget(ask as never), say("bearing")) : numberWidget(ask as never);
    case "date":
    case "time":
    case "dateTime":
      return dateWidget(ask as never);
    case "geopoint":
    case "geotrace":
    case "geoshape":
      return placeWidget(ask as never);
    case "barcode":
      return barcodeWidget(ask as never);
    case "string":
    case "boolean":
      return [...wanted].some((word) => word.startsWith("printer")) ? withSaying(textWidget(ask as never), say("printer")) : textWidget(ask as never);
    default:
      return unsupportedWidget(ask as Ask, node.valueType);
  }
}
