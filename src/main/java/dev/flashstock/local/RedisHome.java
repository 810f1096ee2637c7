package dev.flashstock.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The private directory of one embedded Redis: its binary, its log, and which JVM owns it.
 *
 * <p>A JVM that is killed leaves its redis-server behind. Its binary lies in a directory that no other process uses, so
 * the next start can tell for certain what it may end: processes that run a binary from the directory of a JVM that is
 * gone.
 *
 * @param directory readable by its user only
 */
record RedisHome(Path directory) {
    private static final Logger LOG = Logger.getLogger("dev.flashstock.local");

    private static final String PREFIX = "flashstock-redis-";
    private static final int LAST_LINES = 3;

    /** Start times are derived from the clock, which may have been set since; process ids do not come back that fast. */
    private static final Duration SAME_START = Duration.ofMinutes(1);

    /** Makes a new directory, owned by this JVM. */
    static RedisHome create() throws IOException {
        RedisHome home = new RedisHome(Files.createTempDirectory(PREFIX));
        ProcessHandle self = ProcessHandle.current();
        Files.writeString(home.owner(), self.pid() + " " + startOf(self).toEpochMilli());
        return home;
    }

    /** Ends every redis-server of this directory's user whose JVM is gone, and removes its directory. */
    void endOrphans() throws IOException {
        UserPrincipal user = Files.getOwner(directory);
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(temporary, PREFIX + "*")) {
            for (Path directory : homes) {
                RedisHome home = new RedisHome(directory);
                if (home.belongsTo(user) && home.isOrphaned()) {
                    home.endProcesses();
                    home.delete();
                }
            }
        }
    }

    Path log() {
        return directory.resolve("redis.log");
    }

    /** The last lines that Redis wrote. */
    String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    /** Removes the directory; what cannot be removed now is found by the next start. */
    void delete() {
        File[] files = directory.toFile().listFiles();
        if (files != null) {
            for (File file : files) {
                file.delete();
            }
        }
        directory.toFile().delete();
    }

    /** Holds the owner's process id and its start in milliseconds since the epoch. */
    Path owner() {
        return directory.resolve("owner");
    }

    private boolean belongsTo(UserPrincipal user) throws IOException {
        try {
            return Files.getOwner(directory).equals(user);
        } catch (NoSuchFileException endedMeanwhile) {
            return false;
        }
    }

    /** A directory without an owner is being made, or was left in that instant: too little to judge by. */
    private boolean isOrphaned() throws IOException {
        String[] owner;
        try {
            owner = Files.readString(owner()).split(" ", -1);
        } catch (NoSuchFileException unfinished) {
            return false;
        }
        if (owner.length != 2) {
            return false;
        }
        Instant started = Instant.ofEpochMilli(Long.parseLong(owner[1]));
        return ProcessHandle.of(Long.parseLong(owner[0]))
                .map(RedisHome::startOf)
                .filter(start -> Duration.between(started, start).abs().compareTo(SAME_START) < 0)
                .isEmpty();
    }

    private void endProcesses() {
        ProcessHandle.allProcesses().filter(this::runsFromHere).forEach(redis -> {
            LOG.infof("Ending redis-server %d: the JVM that started it is gone", redis.pid());
            redis.destroyForcibly();
        });
    }

    private boolean runsFromHere(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> Path.of(command).startsWith(directory))
                .isPresent();
    }

    private static Instant startOf(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
