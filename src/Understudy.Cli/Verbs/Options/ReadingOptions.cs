using System.CommandLine;
using Understudy.Data;

namespace Understudy.Cli.Verbs.Options;

/// <summary>How images are read: the same options wherever a path to images is taken.</summary>
/// <param name="size">Whether the caller says how large images become; false where a network does.</param>
/// <param name="channels">The same of grey or RGB.</param>
/// <param name="crop">Whether pixels matter; false where images are only counted.</param>
internal sealed class ReadingOptions(bool size = true, bool channels = true, bool crop = true)
{
    private readonly Option<int?>? _size = !size ? null
        : new("--size") { Description = "Make every image N×N pixels [default: as the files are]", HelpName = "N" };
    private readonly Option<int?>? _channels = !channels ? null
        : new("--channels") { Description = "1 (grey) or 3 (RGB) [default: as the files are]", HelpName = "1|3" };
    private readonly WordOption<Crop>? _crop = crop ? Cropping() : null;
    private readonly Option<bool> _skipBad = new("--skip-bad") { Description = "List unreadable files and go on without them" };
    private readonly Option<string?> _imageColumn = new("--image-column")
    {
        Description = "Parquet: the column of images, where it is not plain",
        HelpName = "NAME",
    };
    private readonly Option<string?> _labelColumn = new("--label-column")
    {
        Description = "Parquet: the column of labels, where it is not plain",
        HelpName = "NAME",
    };

    /// <summary>Labelled images as an argument: every form that <see cref="ImageSources"/> reads.</summary>
    public static Argument<string> Images(string name, string what = "Labelled images") => new(name)
    {
        Description = $"{what}: a folder or zip of <class>/x.png, fer2013.csv, a Parquet file or folder, or a .safetensors set",
    };

    /// <summary>For images that become squares.</summary>
    public static WordOption<Crop> Cropping() => new("--crop",
        "What to do with images that are not square when they are resized: none is an error, center cuts, pad adds black",
        Crop.None);

    public Command AddTo(Command command)
    {
        foreach (var option in new Option?[] { _size, _channels, _crop, _skipBad, _imageColumn, _labelColumn }.OfType<Option>())
            command.Options.Add(option);
        return command;
    }

    /// <param name="arguments">What the user said.</param>
    /// <param name="side">Pixels a side where <c>--size</c> is not asked.</param>
    /// <param name="colours">1 or 3 where <c>--channels</c> is not asked.</param>
    public ImageReading From(ParseResult arguments, int? side = null, int? colours = null) => (ImageReading.Square(
        _size is null ? side : arguments.GetValue(_size), _channels is null ? colours : arguments.GetValue(_channels),
        _crop?.In(arguments) ?? Crop.None, arguments.GetValue(_skipBad)) with
    {
        ImageColumn = arguments.GetValue(_imageColumn),
        LabelColumn = arguments.GetValue(_labelColumn),
    }).Validate();
}
