import { useState } from "react";
import { ShoppableVideo } from "./ShoppableVideo.jsx";

const WHOLE = "/spring.hotspots.json";

// A hotspot file may also be an object of the page's own.
const LAMP = {
  version: 1,
  video: { id: "a-day-at-home" },
  products: [{ id: "lamp-01", title: "Table lamp", price: "189.00 EUR", availability: "in_stock" }],
  hotspots: [{ id: "only-lamp", label: "Table lamp", products: ["lamp-01"], start: 0, end: 18,
    shape: "point", keyframes: [{ time: 0, x: 30, y: 50 }] }],
};

export function App() {
  const [cart, setCart] = useState([]);
  const [config, setConfig] = useState(WHOLE);
  const [shown, setShown] = useState(true);

  const add = (items) => setCart((before) => [...before, ...items]);

  return (
    <main>
      <h1>A day at home</h1>
      {shown && <ShoppableVideo src="/media/spring.webm" config={config} collector="/events" onAdd={add} />}
      <button id="toggle" onClick={() => setShown(!shown)}>{shown ? "Close the film" : "Show the film"}</button>
      <button id="change" onClick={() => setConfig(config === WHOLE ? LAMP : WHOLE)}>Other products</button>
      <h2>Your cart (<output id="count">{cart.length}</output>)</h2>
      <ul id="cart">
        {cart.map((item, index) => <li key={index} data-id={item.item_id}>{item.item_name}</li>)}
      </ul>
    </main>
  );
}
