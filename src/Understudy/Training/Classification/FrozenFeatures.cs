using System.Globalization;
using TorchSharp.Modules;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>
/// What a network's last layer sees of images, computed once and kept in files. A file holds the features of up to
/// <see cref="Chunk"/> images; its name is the SHA-256 of everything they follow from: the weights below the last layer, the
/// network, the size, resizer and normalisation of its images, and the images' pixels. So a changed weight or pixel is another
/// file, and an interrupted computation goes on where it stopped.
/// </summary>
internal sealed class FrozenFeatures
{
    /// <summary>Images per file.</summary>
    public const int Chunk = 512;

    private const int Batch = 32;

    private const string Format = "understudy/features/1";

    private readonly nn.Module<Tensor, Tensor> _net;
    private readonly ClassifierOptions _options;
    private readonly string _folder, _weights;

    /// <param name="net">Put into evaluation mode.</param>
    /// <param name="folder">Where the files are; made when the first is written.</param>
    /// <exception cref="OptionException">A network whose last layer is no matrix.</exception>
    public FrozenFeatures(nn.Module<Tensor, Tensor> net, ClassifierOptions options, string folder)
    {
        (_net, _options, _folder) = (net, options, folder);
        Head = LastFeatures.HeadOf(net) ?? throw new OptionException(
            $"frozen: {options.Arch} has no linear last layer to learn alone; choose another --arch, or train all layers");
        var inside = ClassifierNet.Inside(net);
        _weights = FingerprintBelow(inside, ClassifierWeights.LastLayer(inside), options.Arch);
        net.eval();
    }

    /// <summary>The network's own last layer.</summary>
    public Linear Head { get; }

    /// <summary>How many images went through the network, rather than being found in a file.</summary>
    public int Computed { get; private set; }

    /// <summary>The features of a set's images, resized to the network's side, in its order.</summary>
    /// <param name="mirrored">Of the images' mirror images.</param>
    /// <returns>[N, F], float32; the caller's.</returns>
    public Tensor Of(ImageSet set, bool mirrored, ProgressSink progress, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (int first = 0; first < set.Count; first += Chunk)
        {
            cancel.ThrowIfCancellationRequested();
            var part = set.Subset([.. Enumerable.Range(first, Math.Min(Chunk, set.Count - first))]);
            parts.Add(Part(part, mirrored));
            progress.Report(mirrored ? "features of mirror images" : "features", first + part.Count, set.Count, "image",
                $"{Computed} computed");
        }
        return cat(parts).DetachFromDisposeScope();
    }

    private Tensor Part(ImageSet part, bool mirrored)
    {
        var path = Path.Combine(_folder, Key(part, mirrored) + ".safetensors");
        if (File.Exists(path)) return Read(path, part.Count);
        var features = Compute(Resizer.Resize(part, _options.Size, _options.Size), mirrored);
        SafetensorsFile.Write(path, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["arch"] = _options.Arch,
            ["size"] = _options.Size.ToString(CultureInfo.InvariantCulture),
        }, [Weights.ToEntry("features", features)]);
        return features;
    }

    private Tensor Compute(ImageSet images, bool mirrored)
    {
        using var off = no_grad();
        using var outer = NewDisposeScope();
        using var last = new LastFeatures(_net, Head);
        var rows = new List<Tensor>();
        for (int first = 0; first < images.Count; first += Batch)
        {
            using var pause = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            var batch = Batches.Images(images, first, Math.Min(Batch, images.Count - first));
            rows.Add(last.Of(
                Rounding.Images(mirrored ? batch.flip(3) : batch, Precision.Float32)).Features.DetachFromDisposeScope());
        }
        Computed += images.Count;
        var features = cat(rows);
        rows.ForEach(r => r.Dispose());
        return features.MoveToOuterDisposeScope();
    }

    private Tensor Read(string path, int count)
    {
        var content = SafetensorsFile.Read(path);
        var format = content.Metadata.GetValueOrDefault("format");
        if (format != Format || content.Find("features") is not { Dtype: "F32" } entry)
        {
            throw new InvalidDataException($"{path}: holds no features of format {Format} (it says: {format ?? "nothing"}); "
                + "delete it");
        }
        var width = Head.weight!.shape[1];
        return entry.Shape is [var n, var w] && n == count && w == width
            ? Weights.ToTensor(entry) : throw new InvalidDataException(
            $"{path}: holds [{string.Join(", ", entry.Shape)}] where {count} images have [{count}, {width}] features; delete it");
    }

    private string Key(ImageSet part, bool mirrored)
    {
        using var f = new Fingerprint();
        return f.Add("features/1").Add(_weights).Add(_options.Size).Add(Resizer.Name).Add(_options.Normalise.ToString())
            .Add(mirrored ? 1 : 0).Add(part.Count).Add(part.Shape.Channels).Add(part.Shape.Height).Add(part.Shape.Width)
            .Add(part.Pixels.Span).Finish();
    }

    private static string FingerprintBelow(nn.Module net, string[] last, string arch)
    {
        using var f = new Fingerprint();
        f.Add(arch);
        foreach (var (name, dtype, shape, data) in Weights.Entries(net).Where(e => !last.Contains(e.Name)))
            f.Add(name).Add(dtype).Add(string.Join(',', shape)).Add(data.Span);
        return f.Finish();
    }
}
