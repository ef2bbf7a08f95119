package dev.portolan.composer.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.failure.Failure;
import dev.portolan.intake.Template;
import dev.portolan.intake.Templates;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/// Templates in a folder: `welcome` is the file `welcome.txt`, in UTF-8.
public final class FolderTemplates implements Templates {

    private final Folder folder;

    public FolderTemplates(Path folder) {
        this.folder = new Folder(folder, "template", ".txt");
    }

    @Override
    public Template load(String name) {
        ByteBuffer bytes = ByteBuffer.wrap(folder.read(name));
        String file = folder.file(name).toString();
        try {
            return Template.parse(file, UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException e) {
            throw new Failure(Failure.Code.INVALID, file + " is not in UTF-8; save it in that encoding", e);
        }
    }
}
