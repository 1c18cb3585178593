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
  // A part says on focus, hover or press how strongly it is tied to the others.
  function passage(figure) {
    const parts = [...figure.querySelectorAll('.part')];
    const remark = figure.querySelector('.remark');
    let pressed = null;
    function show(part) {
      parts.forEach((other) => {
        other.style.removeProperty('--tie');
        other.style.removeProperty('--tie-colour');
        other.querySelector('.tie').textContent = '';
      });
      remark.textContent = part ? 'Step ' + (parts.indexOf(part) + 1) + ': ' + part.dataset.remark : '\u00a0';
      if (!part) return;
      JSON.parse(part.dataset.links).forEach(([index, strength]) => {
        const other = parts[index];
        other.style.setProperty('--tie', strength);
        other.style.setProperty('--tie-colour', 'var(--alarm)');
        other.querySelector('.tie').textContent = (100 * strength).toFixed(strength < 0.1 ? 1 : 0) + ' % influence';
      });
    }
    parts.forEach((part, index) => {
      part.addEventListener('focus', () => show(part));
      part.addEventListener('mouseenter', () => show(part));
      part.addEventListener('mouseleave', () => show(pressed));
      part.addEventListener('blur', () => show(pressed));
      part.addEventListener('click', () => {
        pressed = pressed === part ? null : part;
        parts.forEach((other) => other.setAttribute('aria-pressed', String(other === pressed)));
        show(pressed || part);
      });
      part.addEventListener('keydown', (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const next = step && parts[index + step];
        if (next) {
          event.preventDefault();
          next.focus();
        }
      });
    });
  }
  document.querySelectorAll('figure.passage').forEach(passage);
  draw();
  dark.addEventListener('change', draw);
})();
