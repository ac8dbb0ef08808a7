using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Understudy.Common;
using Understudy.Evaluation;
using Understudy.Reporting;

namespace Understudy.Tests.Reporting;

/// <summary>
/// A small study that nobody ran: predictions drawn with a known skill, so that reports can be tested without training.
/// </summary>
internal static class FabricatedStudy
{
    public static readonly string[] Faces = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];

    public static StudyResult Make(IReadOnlyList<string>? names = null, int images = 210, int seeds = 3)
    {
        var classes = names ?? Faces;
        return new()
        {
            Name = "toy",
            Question = "Can synthetic faces stand in for real ones?",
            Classes = classes,
            Data = new("Drawn faces, 48×48 grey",
                [new("generator", [.. classes.Select((_, k) => 300 + k)]),
                    new("test", [.. classes.Select((_, k) => Images(images, classes.Count, k))])])
            {
                SplitHash = "5e1f00d5e1f00d5e1f00d",
            },
            Arms =
            [
                new("real", "2,100 drawn faces", ArmKind.Real, Runs("real", 3.4)) { TrainingImages = 2100 },
                new("synthetic", "2,100 images from the generator, evenly over the classes", ArmKind.Synthetic,
                    Runs("synthetic", 1.9)) { TrainingImages = 2100 },
                new("real + synthetic", "both sets", ArmKind.Mixed, Runs("mixed", 3.5)) { TrainingImages = 4200,
                    RealAssisted = true },
                new("shuffled labels", "the real set with its labels shuffled", ArmKind.Control,
                    Runs("shuffled", 0)) { TrainingImages = 2100 },
            ],
            Generators = [Generator(classes)],
            References = [new("synthetic 64×64, CNN", .29, .30, .68, .40, .29, Averaging.Weighted, "7,178 images")],
            Settings = [new("Generator", "kimg", "40"), new("Generator", "resolution", "48×48"),
                new("Classifier", "network", "screening"), new("Classifier", "epochs", "12")],
            Seeds = [1, 2, 3],
            Times = [new("toy", 2.4), new("train generator", 187), new("train classifier ×9", 141.2)],
            Environment = [new("Machine", "processors", "2"), new("Versions", "Understudy", "0.1.0")],
            NotRun = [new("synthetic ×2", "left out by --minutes 8")],
        };

        ArmRun[] Runs(string name, double skill) =>
        [
            .. Enumerable.Range(1, seeds).Select(seed => new ArmRun((ulong)seed, $"arms/{name}/seed-{seed}/predictions.csv",
                Draw(classes, images, skill, (ulong)seed, name), Curve(name, skill, seed))),
        ];
    }

    /// <summary>Every tenth image a copy; labels by vote, every seventh image without; both.</summary>
    public static StudyResult Rescored(StudyResult study)
    {
        var test = study.Arms[0].Runs[0].Predictions;
        var copies = Rescorings.WithoutCopies(Pick((_, i) => i % 10 == 3, (_, _) => "near copy in generator"),
            "in a role other than test", .95);
        var votes = Rescorings.ByVotes(
            Pick((_, i) => i % 7 != 5, (_, i) => study.Classes[(test.Labels[i] + (i % 4 == 0 ? 1 : 0)) % study.Classes.Count]),
            Pick((_, i) => i % 7 == 5, (_, _) => Understudy.Data.FerPlusVotes.NoMajority), true);
        return study with { Scorings = [copies, votes, votes.And(copies)] };

        Dictionary<string, string> Pick(Func<string, int, bool> which, Func<string, int, string> what) =>
            test.Ids.Index().Where(x => which(x.Item, x.Index)).ToDictionary(x => x.Item, x => what(x.Item, x.Index));
    }

    /// <summary>Softmax of normal noise plus <paramref name="skill"/> at the true class.</summary>
    public static Predictions Draw(IReadOnlyList<string> classes, int images, double skill, ulong seed, string name)
    {
        var random = new KeyedRandom(seed, "fabricated/" + name);
        var table = new float[images, classes.Count];
        var labels = Enumerable.Range(0, images).Select(i => i % classes.Count).ToArray();
        for (int i = 0; i < images; i++)
        {
            var e = Enumerable.Range(0, classes.Count).Select(k => Math.Exp(random.Normal() * 1.2 + (k == labels[i] ? skill : 0)))
                .ToArray();
            for (int k = 0; k < e.Length; k++) table[i, k] = (float)(e[k] / e.Sum());
        }
        return new(classes, [.. Enumerable.Range(0, images).Select(i => $"toy-{i:000000}")], labels, table);
    }

    private static int Images(int all, int classes, int k) => all / classes + (k < all % classes ? 1 : 0);

    private static EpochPoint[] Curve(string name, double skill, int seed)
    {
        var random = new KeyedRandom((ulong)seed, "curve/" + name);
        return [.. Enumerable.Range(1, 12).Select(e => new EpochPoint(e,
            1.95 - skill * .5 * (1 - Math.Exp(-e / 4.0)) + random.Normal() * .02,
            .14 + skill / 4.4 * (1 - Math.Exp(-e / 3.0)) + random.Normal() * .012))];
    }

    private static GeneratorResult Generator(IReadOnlyList<string> classes)
    {
        var random = new KeyedRandom(7, "generator");
        CurvePoint[] Walk(double start, double end) =>
            [.. Enumerable.Range(0, 500)
                .Select(i => new CurvePoint(i * .08, start + (end - start) * (1 - Math.Exp(-i / 90.0)) + random.Normal() * .08))];
        return new("stylegan2-48", "Conditional StyleGAN2 at 48×48, 40 kimg, DiffAugment")
        {
            Losses = [new("generator", Walk(.7, 1.6)), new("discriminator", Walk(1.4, .9))],
            Sheets = [.. classes.Select((c, k) => new ClassSheet(c, Png(48 * 8, 48, 31 * k), 8))],
            TrueSheets = [.. classes.Select((c, k) => new ClassSheet(c, Png(48 * 8, 48, 31 * k + 9), 8))],
        };
    }

    /// <summary>A grey PNG of rings, encoded here so that the tests of reports need no image library.</summary>
    public static byte[] Png(int width, int height, int phase)
    {
        using var raw = new MemoryStream();
        using (var z = new ZLibStream(raw, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                z.WriteByte(0);
                for (int x = 0; x < width; x++)
                {
                    var r = Math.Sqrt(Math.Pow(x % height - height / 2.0, 2) + Math.Pow(y - height / 2.0, 2));
                    z.WriteByte((byte)(128 + 90 * Math.Cos(r / 3 + phase + x / height)));
                }
            }
        }
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk("IHDR"u8, header);
        Chunk("IDAT"u8, raw.ToArray());
        Chunk("IEND"u8, []);
        return png.ToArray();

        void Chunk(ReadOnlySpan<byte> name, byte[] data)
        {
            byte[] body = [.. name, .. data];
            var number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            png.Write(number);
            png.Write(body);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(body));
            png.Write(number);
        }
    }
}
