// What the page is written in, for screen readers, hyphenation and translation: the server says it of the first answer,
// this of every change of language after it.
export default ({ data }) => {
  document.documentElement.lang = data.lang;
};
