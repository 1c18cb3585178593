(() => {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  // Okabe and Ito's colours, told apart with any kind of colour vision.
  const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#8a8f98'];
  function config() {
    const ink = dark.matches ? '#e6eaf0' : '#1c2330';
    const line = dark.matches ? '#343c49' : '#d9dee6';
    return {
      background: 'transparent',
      font: 'system-ui, "Liberation Sans", sans-serif',
      axis: { labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12, titleFontSize: 12 },
      legend: { labelColor: ink, titleColor: ink, labelFontSize: 12, symbolSize: 90 },
      header: { labelColor: ink, titleColor: ink },
      title: { color: ink },
      text: { color: ink, fontSize: 12 },
      rule: { color: ink },
      view: { stroke: 'transparent' },
      range: { category: colours },
    };
  }
  function draw() {
    document.querySelectorAll('[data-figure]').forEach((place) => {
      const spec = JSON.parse(document.getElementById(place.dataset.figure).textContent);
      vegaEmbed(place, spec, { renderer: 'svg', actions: { export: true, source: false, compiled: false, editor: false }, config: config() })
        .catch((error) => { place.textContent = 'This figure cannot be drawn: ' + error.message; });
    });
  }
  draw();
  dark.addEventListener('change', draw);
})();
