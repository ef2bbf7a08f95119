package dev.portolan.composer.intake;

import dev.portolan.intake.Template;
import dev.portolan.intake.Templates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Templates in a folder: `welcome` is the file `welcome.txt`, in UTF-8.
public final class FolderTemplates implements Templates {

    private final Folder folder;

    public FolderTemplates(Path folder) {
        this.folder = new Folder(folder, "template", ".txt");
    }

    @Override
    public Template load(String name) {
        String text = new String(folder.read(name), StandardCharsets.UTF_8);
        return Template.parse(folder.file(name).toString(), text);
    }
}
