using Understudy.Common;

namespace Understudy.Data;

/// <summary>Decodes listed images on all cores, in their order, into one set of one shape.</summary>
internal sealed class ImageAssembly(string source, ImageReading options, ProgressSink progress)
{
    /// <summary>Images under way at once: what bounds the memory beside the set itself.</summary>
    private const int Chunk = 512;

    private readonly List<ImageFile> _kept = [];
    private byte[] _pixels = [];
    private ImageShape? _shape;
    private string _first = "";

    public List<SkippedFile> Skipped { get; } = [];

    /// <summary>Errors come in the order of the files, whichever thread met them first.</summary>
    /// <param name="decode">One image; throws <see cref="InvalidDataException"/> without the file's name. Called from several threads.</param>
    public ImageSet Build(ClassNames classes, IReadOnlyList<ImageFile> files, Func<int, DecodedImage> decode)
    {
        var decoded = new DecodedImage?[Chunk];
        var errors = new string?[Chunk];
        for (int start = 0; start < files.Count; start += Chunk)
        {
            var n = Math.Min(Chunk, files.Count - start);
            Parallel.For(0, n, i =>
            {
                (decoded[i], errors[i]) = (null, null);
                try { decoded[i] = Conformed(decode(start + i)); }
                catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException) { errors[i] = e.Message; }
            });
            for (int i = 0; i < n; i++) Take(files[start + i], decoded[i], errors[i], files.Count);
            progress.Report("read images", start + n, files.Count, "image");
        }
        if (_shape is null) throw new InvalidDataException($"{source}: none of {files.Count} images can be read; the first: {Skipped[0].Path} {Skipped[0].Reason}");
        var bytes = _kept.Count * _shape.Size;
        return new(classes, _shape, [.. _kept.Select(f => f.Id)], [.. _kept.Select(f => f.Label)],
            bytes == _pixels.Length ? _pixels : _pixels[..bytes], _kept[0].Part is null ? null : [.. _kept.Select(f => f.Part!)]);
    }

    /// <summary>The same for a set that is in memory already.</summary>
    public ImageSet Adapt(ImageSet set)
    {
        if ((options.Height ?? set.Shape.Height) == set.Shape.Height && (options.Width ?? set.Shape.Width) == set.Shape.Width
            && (options.Channels ?? set.Shape.Channels) == set.Shape.Channels)
        {
            return set;
        }
        return Build(set.Classes, [.. set.Ids.Select((id, i) => new ImageFile(id, id, set.Labels[i], set.Parts?[i]))], i => new(set.Shape, set[i].ToArray()));
    }

    private DecodedImage Conformed(DecodedImage image)
    {
        if (options.Channels is { } c) image = image.WithChannels(c);
        return options.Height is { } h ? image.Fit(h, options.Width!.Value, options.Crop) : image;
    }

    private void Take(ImageFile file, DecodedImage? image, string? error, int count)
    {
        if (image is null)
        {
            if (!options.SkipBad) throw new InvalidDataException($"{source}: {file.Path} {error}");
            Skipped.Add(new(file.Path, error!));
            return;
        }
        if (_shape is null)
        {
            ImageLimits.RequireFits(count, image.Shape);
            (_shape, _first, _pixels) = (image.Shape, file.Path, new byte[(long)count * image.Shape.Size]);
        }
        if (image.Shape != _shape) throw new InvalidDataException($"{source}: {Differ(file.Path, image.Shape)}");
        image.Pixels.CopyTo(_pixels, _kept.Count * _shape.Size);
        _kept.Add(file);
    }

    private string Differ(string path, ImageShape shape) => shape.Channels != _shape!.Channels
        ? $"{_first} is {Colour(_shape)} and {path} is {Colour(shape)}; say --channels 1 or --channels 3"
        : $"{_first} is {_shape.Width}×{_shape.Height} and {path} is {shape.Width}×{shape.Height}; say --size N, with --crop center or --crop pad where they are not square";

    private static string Colour(ImageShape shape) => shape.Channels == 1 ? "grey" : "in colour";
}
