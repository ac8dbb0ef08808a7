using Understudy.Common;

namespace Understudy.Training;

/// <summary>The file whose networks a run starts from, instead of from random ones.</summary>
/// <param name="Path">A checkpoint, or a generator.safetensors (which holds no discriminator).</param>
/// <param name="Digest">SHA-256 of its bytes.</param>
public sealed record TransferSource(string Path, string Digest)
{
    /// <summary>The networks of a file, or of a run's folder: its newest checkpoint, else its generator.</summary>
    /// <exception cref="InvalidDataException">There is no such file.</exception>
    public static TransferSource Of(string path)
    {
        var file = FileOf(path);
        return new(file, Fingerprint.OfFile(file));
    }

    /// <summary>The full path of the file that <see cref="Of"/> takes.</summary>
    /// <exception cref="InvalidDataException">There is no such file.</exception>
    internal static string FileOf(string path)
    {
        var newest = new Checkpoints(System.IO.Path.Combine(path, RunDirectory.CheckpointsName)).All.Select(c => c.Path)
            .FirstOrDefault();
        return System.IO.Path.GetFullPath(newest ?? GeneratorFile.Resolve(path));
    }
}
