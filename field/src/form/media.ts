// Pictures, sounds and films that belong to a label: from the phone's own store, never from elsewhere.
import type { TextRange } from "@getodk/xforms-engine";
import { button, h } from "./dom";
import { nameOf, type Engine } from "./engine";
import type { Say } from "./words";

interface Media {
  picture: HTMLElement | null;
  sound: HTMLElement | null;
  film: HTMLElement | null;
}

export function mediaOf(text: TextRange<"label"> | TextRange<"item-label"> | null, engine: Engine, say: Say): Media {
  if (!text) return { picture: null, sound: null, film: null };
  return {
    picture: text.imageSource ? picture(nameOf(text.imageSource), text.asString, engine, say) : null,
    sound: text.audioSource ? sound(nameOf(text.audioSource), text.asString, engine, say) : null,
    film: text.videoSource ? film(nameOf(text.videoSource), engine, say) : null,
  };
}

function absent(name: string, say: Say): HTMLElement {
  return h("p.q-aside", {}, say("missingFile", { name }));
}

function picture(name: string, label: string, engine: Engine, say: Say): HTMLElement {
  // A picture beside words tells a screen reader nothing new; without words it needs a name.
  const image = h<HTMLImageElement>("img.q-picture", { alt: label.trim() ? "" : say("pictureOf", { name }) });
  void engine.media(name).then((url) => (url ? (image.src = url) : image.replaceWith(absent(name, say))));
  return image;
}

function sound(name: string, label: string, engine: Engine, say: Say): HTMLElement {
  let player: HTMLAudioElement | null = null;
  const said = (key: "listen" | "stop"): void => {
    button_.textContent = say(key);
    button_.setAttribute("aria-label", `${say(key)}: ${label}`);
  };
  const button_ = button("q-listen", say("listen"), () => {
    if (player && !player.paused) {
      player.pause();
      return said("listen");
    }
    void engine.media(name).then((url) => {
      if (!url) return button_.replaceWith(absent(name, say));
      for (const other of document.querySelectorAll<HTMLButtonElement>(".q-listen[data-playing]")) other.click();
      player = new Audio(url);
      player.onended = () => stop();
      player.onpause = () => stop();
      button_.dataset.playing = "";
      said("stop");
      void player.play().catch(stop);
    });
  });
  const stop = (): void => {
    delete button_.dataset.playing;
    said("listen");
  };
  said("listen");
  return button_;
}

function film(name: string, engine: Engine, say: Say): HTMLElement {
  const video = h<HTMLVideoElement>("video.q-picture", { controls: true, preload: "none", "aria-label": say("watch") });
  void engine.media(name).then((url) => (url ? (video.src = url) : video.replaceWith(absent(name, say))));
  return video;
}
