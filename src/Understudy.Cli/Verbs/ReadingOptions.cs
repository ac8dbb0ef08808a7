using System.CommandLine;
using Understudy.Data;

namespace Understudy.Cli.Verbs;

/// <summary>How images are read: the same options wherever a path to images is taken.</summary>
internal sealed record ReadingOptions(Option<int?> Size, Option<int?> Channels, Option<Crop> Crop, Option<bool> SkipBad,
    Option<string?> ImageColumn, Option<string?> LabelColumn)
{
    public static ReadingOptions AddTo(Command command)
    {
        var o = new ReadingOptions(
            new("--size") { Description = "Make every image N×N pixels [default: as the files are]", HelpName = "N" },
            new("--channels") { Description = "1 (grey) or 3 (RGB) [default: as the files are]", HelpName = "1|3" },
            new("--crop") { Description = "What to do with images that are not square, given --size: center cuts, pad adds black", DefaultValueFactory = _ => Data.Crop.None },
            new("--skip-bad") { Description = "List unreadable files and go on without them" },
            new("--image-column") { Description = "Parquet: the column of images, where it is not plain", HelpName = "NAME" },
            new("--label-column") { Description = "Parquet: the column of labels, where it is not plain", HelpName = "NAME" });
        foreach (var option in (Option[])[o.Size, o.Channels, o.Crop, o.SkipBad, o.ImageColumn, o.LabelColumn]) command.Options.Add(option);
        return o;
    }

    public ImageReading From(ParseResult arguments) => (ImageReading.Square(
        arguments.GetValue(Size), arguments.GetValue(Channels), arguments.GetValue(Crop), arguments.GetValue(SkipBad)) with
    {
        ImageColumn = arguments.GetValue(ImageColumn),
        LabelColumn = arguments.GetValue(LabelColumn),
    }).Validate();
}
