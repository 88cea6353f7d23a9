//! Properties of the site: see each test.
