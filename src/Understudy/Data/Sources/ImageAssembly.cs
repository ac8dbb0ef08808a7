using Understudy.Common;

namespace Understudy.Data;

/// <summary>Decodes listed images on all cores, in their order, into one set of one shape.</summary>
/// <param name="squeeze">Images of another ratio are squeezed, whatever the options say of cropping.</param>
/// <param name="parts">Takes the images in parts; what is built is then an empty set.</param>
internal sealed class ImageAssembly(string source, ImageReading options, ProgressSink progress, bool squeeze = false,
    ImageParts? parts = null)
{
    /// <summary>Images under way at once: what bounds the memory beside the set itself.</summary>
    public const int Chunk = 512;

    private readonly List<ImageFile> _kept = [];
    private byte[] _pixels = [];
    private ImageShape? _shape;
    private readonly Dictionary<ImageShape, int> _sizes = [];
    private readonly Dictionary<ImageTraits, int> _traits = [];
    private string _first = "";

    /// <summary>The files' own sizes, as shown, the most frequent first.</summary>
    public IReadOnlyList<SizeCount> Sizes =>
        [.. _sizes.OrderByDescending(s => s.Value).ThenBy(s => s.Key.Width).ThenBy(s => s.Key.Height)
        .Select(s => new SizeCount(s.Key.Width, s.Key.Height, s.Key.Channels, s.Value))];

    /// <summary>How many of the files needed what.</summary>
    public IReadOnlyDictionary<ImageTraits, int> Traits => _traits;

    public List<string> Notes { get; } = [];

    /// <summary>Whether the building ended at images that can each be read, and make no set as they are.</summary>
    public bool ShapesDiffer { get; private set; }

    public List<SkippedFile> Skipped { get; } = [];

    /// <summary>Errors come in the order of the files, whichever thread met them first.</summary>
    /// <param name="decode">One image; throws <see cref="InvalidDataException"/> without the file's name. Called from several
    /// threads.</param>
    /// <param name="arrange">Puts what was read into another order.</param>
    public ImageSet Build(ClassNames classes, IReadOnlyList<ImageFile> files, Func<int, DecodedImage> decode,
        Func<ImageSet, ImageSet>? arrange = null)
    {
        if (parts is not null)
        {
            var (all, chosen) = (files, parts.Chosen([.. files.Select(f => f.Id)]));
            files = [.. chosen.Select(i => all[i])];
            var one = decode;
            decode = i => one(chosen[i]);
        }
        var decoded = new DecodedImage?[Chunk];
        var errors = new string?[Chunk];
        var own = new (ImageShape Shape, ImageTraits Traits)[Chunk];
        for (int start = 0; start < files.Count; start += Chunk)
        {
            var n = Math.Min(Chunk, files.Count - start);
            Parallel.For(0, n, i =>
            {
                (decoded[i], errors[i]) = (null, null);
                try
                {
                    var image = decode(start + i);
                    own[i] = (image.Shape, image.Traits);
                    decoded[i] = Conformed(image);
                }
                catch (InvalidDataException e) { errors[i] = e.Message; }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    errors[i] = $"cannot be read ({e.Message.TrimEnd('.')}); allow yourself to read it";
                }
            });
            for (int i = 0; i < n; i++)
            {
                Take(files[start + i], decoded[i], errors[i], files.Count);
                if (decoded[i] is not null) Count(own[i].Shape, own[i].Traits);
                if (parts is not null && _shape is not null && _kept.Count == parts.Most(_shape)) HandOver();
            }
            progress.Report("read images", start + n, files.Count, "image");
        }
        if (parts is not null && (files.Count == 0 || _shape is not null))
        {
            if (_kept.Count > 0) HandOver();
            return new(classes, _shape ?? new(1, 1, 1), [], [], []);
        }
        if (_shape is null)
        {
            throw new InvalidDataException($"{source}: none of {files.Count} images can be read; the first: {Skipped[0].Path} "
                + $"{Skipped[0].Reason}");
        }
        return Kept();

        ImageSet Kept()
        {
            var bytes = _kept.Count * _shape!.Size;
            var set = new ImageSet(classes, _shape, [.. _kept.Select(f => f.Id)], [.. _kept.Select(f => f.Label)],
                bytes == _pixels.Length ? _pixels : _pixels[..bytes],
                _kept[0].Part is null ? null : [.. _kept.Select(f => f.Part!)]);
            return arrange?.Invoke(set) ?? set;
        }

        void HandOver()
        {
            var part = Kept();
            _kept.Clear();
            _pixels = [];
            parts!.Use(part);
        }
    }

    /// <summary>The same for a set that is in memory already.</summary>
    public ImageSet Adapt(ImageSet set)
    {
        if ((options.Height ?? set.Shape.Height) == set.Shape.Height && (options.Width ?? set.Shape.Width) == set.Shape.Width
            && (options.Channels ?? set.Shape.Channels) == set.Shape.Channels)
        {
            _sizes[set.Shape] = set.Count;
            if (parts?.Chosen(set.Ids) is { Length: > 0 } some) parts.Use(some.Length == set.Count ? set : set.Subset(some));
            return set;
        }
        return Build(set.Classes, [.. set.Ids.Select((id, i) => new ImageFile(id, id, set.Labels[i], set.Parts?[i]))],
            i => new(set.Shape, set[i].ToArray()));
    }

    private DecodedImage Conformed(DecodedImage image)
    {
        if (options.Channels is { } c) image = image.WithChannels(c);
        return options.Height is not { } h
            ? image : squeeze ? image.Resized(h, options.Width!.Value) : image.Fit(h, options.Width!.Value, options.Crop);
    }

    private void Count(ImageShape shape, ImageTraits traits)
    {
        _sizes[shape] = _sizes.GetValueOrDefault(shape) + 1;
        foreach (var trait in Enum.GetValues<ImageTraits>().Where(t => t != 0 && traits.HasFlag(t)))
            _traits[trait] = _traits.GetValueOrDefault(trait) + 1;
    }

    private void Take(ImageFile file, DecodedImage? image, string? error, int count)
    {
        if (image is null)
        {
            var bad = new SkippedFile(file.Path, error!);
            if (!options.SkipBad) throw new InvalidDataException($"{source}: {bad.Refusal}");
            Skipped.Add(bad);
            return;
        }
        if (_shape is null) (_shape, _first) = (image.Shape, file.Path);
        if (_kept.Count == 0)
        {
            if (parts is not null) count = Math.Min(count, parts.Most(_shape));
            ImageLimits.RequireFits(count, _shape);
            _pixels = new byte[(long)count * _shape.Size];
        }
        if (image.Shape != _shape)
        {
            ShapesDiffer = true;
            throw new InvalidDataException($"{source}: {Differ(file.Path, image.Shape)}");
        }
        image.Pixels.CopyTo(_pixels, _kept.Count * _shape.Size);
        _kept.Add(file);
    }

    private string Differ(string path, ImageShape shape) => shape.Channels != _shape!.Channels
        ? $"{_first} is {Colour(_shape)} and {path} is {Colour(shape)}; say --channels 1 or --channels 3"
        : $"{_first} is {_shape.Width}×{_shape.Height} and {path} is {shape.Width}×{shape.Height}; say --size N, with --crop "
            + "center or --crop pad where they are not square";

    private static string Colour(ImageShape shape) => shape.Channels == 1 ? "grey" : "in colour";
}
