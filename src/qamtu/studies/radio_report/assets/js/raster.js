// Rasters: unpacked, coloured, laid on the map, and read at a point.
(() => {
  const opened = new Map();

  const inflate = async (text) => {
    const stream = new Blob([Q.base64Bytes(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  // Codes of all cells, row by row from the north; 0 is no value.
  Q.openRaster = async (id) => {
    if (opened.has(id)) return opened.get(id);
    const raster = Q.data.rasters[id];
    if (!raster) return null;
    const bytes = await inflate(raster.data);
    const cells = raster.w * raster.h;
    const codes = new Uint16Array(cells);
    for (let plane = 0; plane < (raster.wide ? 2 : 1); plane += 1) {
      for (let row = 0; row < raster.h; row += 1) {
        let last = 0;
        for (let i = row * raster.w; i < (row + 1) * raster.w; i += 1) {
          last = (last + bytes[plane * cells + i]) & 255;
          codes[i] += last << (8 * plane);
        }
      }
    }
    const made = { ...raster, codes };
    opened.set(id, made);
    return made;
  };

  const height = (lat) => Math.asinh(Math.tan((lat * Math.PI) / 180));

  // The value under a point; null outside and where there is none.
  Q.valueAt = (raster, lng, lat) => {
    const [west, south, east, north] = raster.box;
    const col = Math.floor(((lng - west) / (east - west)) * raster.w);
    const row = Math.floor(((height(north) - height(lat)) / (height(north) - height(south))) * raster.h);
    if (col < 0 || row < 0 || col >= raster.w || row >= raster.h) return null;
    const code = raster.codes[row * raster.w + col];
    return code ? (code - 1 + raster.low) * raster.step : null;
  };

  const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

  // A canvas with a raster's cells in the colours that `colourOf` gives their values.
  Q.paintRaster = (raster, colourOf) => {
    const canvas = document.createElement("canvas");
    canvas.width = raster.w;
    canvas.height = raster.h;
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(raster.w, raster.h);
    const known = new Map();
    raster.codes.forEach((code, i) => {
      if (!code) return;
      if (!known.has(code)) {
        const colour = colourOf((code - 1 + raster.low) * raster.step);
        known.set(code, colour ? [...channels(colour), 255] : [0, 0, 0, 0]);
      }
      image.data.set(known.get(code), i * 4);
    });
    pen.putImageData(image, 0, 0);
    return canvas;
  };

  let shown = null;
  Q.shownRaster = () => shown;

  // Put a raster under the roads of the map in place of the one before; null takes it off.
  Q.showRaster = async (id, colourOf) => {
    const raster = id ? await Q.openRaster(id) : null;
    shown = raster;
    Q.whenMapReady((map) => {
      if (shown !== raster) return;
      if (map.getLayer("raster")) map.removeLayer("raster");
      if (map.getSource("raster")) map.removeSource("raster");
      if (!raster) return;
      const [west, south, east, north] = raster.box;
      map.addSource("raster", {
        type: "canvas", canvas: Q.paintRaster(raster, colourOf), animate: false,
        coordinates: [[west, north], [east, north], [east, south], [west, south]],
      });
      map.addLayer({
        id: "raster", type: "raster", source: "raster",
        paint: { "raster-opacity": 0.78, "raster-resampling": "nearest", "raster-fade-duration": 0 },
      }, "roads");
    });
  };

  // Classes of a ramp: [{from, to, colour}] rising, the first without from, the last without to.
  Q.classOf = (classes, value) => classes.find((one) => one.to === undefined || value < one.to);
})();
