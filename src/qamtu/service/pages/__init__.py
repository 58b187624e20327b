"""The frame of the pages: templates, languages, formats, static files and errors as pages."""
