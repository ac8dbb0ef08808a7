using System.IO.Compression;
using Understudy.Networks;
using static Understudy.Tests.Networks.TorchFiles;

namespace Understudy.Tests.Networks;

public sealed class TorchFileTests
{
    [Theory, InlineData("kinds-zip"), InlineData("kinds-legacy")]
    public void Read_EveryKindOfTensor_GivesPyTorchsTypeShapeAndValues(string file)
    {
        var read = WeightsFile.Read(PathOf(file));
        var ramp = Enumerable.Range(0, 24).Select(i => i / 4.0 - 1).ToArray();
        (string Name, string Dtype, long[] Shape, double[] Values)[] expected =
        [
            ("float", "F32", [2, 3], ramp[..6]), ("half", "F16", [3, 2], ramp[..6]), ("bfloat", "BF16", [5], ramp[..5]),
            ("double", "F64", [2, 2], ramp[..4]),
            ("long", "I64", [4], [-1, 0, 1, 2]), ("int", "I32", [3], [0, 1, 2]), ("short", "I16", [3], [0, 1, 2]),
            ("char", "I8", [4], [-2, -1, 0, 1]), ("byte", "U8", [3], [0, 1, 2]), ("bool", "BOOL", [3], [1, 0, 1]),
            ("scalar", "F32", [], [2.5]), ("empty", "F32", [0, 3], []),
            ("base", "F32", [4, 6], ramp), ("row", "F32", [6], ramp[12..18]),
            ("columns", "F32", [4, 2], [ramp[1], ramp[2], ramp[7], ramp[8], ramp[13], ramp[14], ramp[19], ramp[20]]),
            ("transposed", "F32", [6, 4], [.. Enumerable.Range(0, 24).Select(i => ramp[i % 4 * 6 + i / 4])]),
            ("stepped", "F32", [2, 2], [ramp[6], ramp[9], ramp[18], ramp[21]]),
            ("channels_last", "F32", [2, 3, 2, 2], ramp), ("parameter", "F32", [3], ramp[..3]),
        ];
        Assert.Equal(expected.Select(e => e.Name), read.Select(r => r.Key));
        foreach (var (e, (name, r)) in expected.Zip(read))
        {
            Assert.Equal((name, e.Dtype), (e.Name, r.Dtype));
            Assert.Equal(e.Shape, r.Shape);
            Assert.Equal(e.Values, Values(r));
        }
    }

    [Theory, InlineData("module-zip"), InlineData("module-legacy"), InlineData("nested-zip"), InlineData("nested-legacy")]
    public void Read_AStateDictionary_PlainOrNestedBehindDataParallel_GivesTheModulesNames(string file)
    {
        var read = WeightsFile.Read(PathOf(file));
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked"],
            read.Select(r => r.Key));
        Assert.Equal([2, 3, 3, 3], read[0].Value.Shape);
        Assert.Equal(Enumerable.Range(0, 54).Select(i => i / 4.0 - 1), Values(read[0].Value));
    }

    /// <summary>PyTorch under Python 2 wrote byte strings, and ordered dictionaries as calls on lists of pairs.</summary>
    [Fact]
    public void Read_APickleOfPython2_IsUnderstood()
    {
        var pickle = new PickleBuilder().Global("collections", "OrderedDict").Op("(](](U\u0001wc")
            .Op("torch._utils\n_rebuild_tensor_v2\n(")
            .Storage("FloatStorage", "0", 2).Number(0).Op("(").Number(2).Op("t(").Number(1)
            .Op([(byte)'t', 0x89, (byte)'}', (byte)'t', (byte)'R'])
            .Op("ee").Op("tR.").ToArray();
        var read = Read(PickleBuilder.Legacy(pickle, ("0", 2, [0, 0, 128, 63, 0, 0, 0, 64])));
        Assert.Equal([1, 2], Values(read["w"]));
    }

    /// <summary>Before PyTorch 0.4 a tensor was storage, offset, sizes and strides.</summary>
    [Fact]
    public void Read_ATensorOfTheFirstForm_IsUnderstood()
    {
        var pickle = new PickleBuilder().Op("}").Text("w").Global("torch._utils", "_rebuild_tensor").Op("(")
            .Storage("FloatStorage", "0", 2).Number(1)
            .Op("(").Number(1).Op("t(").Number(1).Op("ttRs.").ToArray();
        Assert.Equal([2], Values(Read(PickleBuilder.Legacy(pickle, ("0", 2, [0, 0, 128, 63, 0, 0, 0, 64])))["w"]));
    }

    [Fact]
    public void Read_BigEndianNumbers_AreRefused()
    {
        var little = PickleBuilder.Legacy(PickleBuilder.OneTensor(2, 0, [2], [1]), ("0", 2, new byte[8]));
        var at = little.AsSpan().IndexOf([.. "little_endian"u8, (byte)0x88]);
        little[at + "little_endian".Length] = 0x89;
        Assert.Contains("not little-endian", Assert.Throws<InvalidDataException>(() => Read(little)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AWholePickledModule_IsRefusedByName()
    {
        var e = Assert.Throws<InvalidDataException>(() => WeightsFile.Read(PathOf("whole-zip")));
        Assert.StartsWith(PathOf("whole-zip"), e.Message, StringComparison.Ordinal);
        Assert.Contains("asks for torch.nn.modules.container.Sequential: refused", e.Message, StringComparison.Ordinal);
        Assert.Contains("state_dict()", e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], string> Crafted => new()
    {
        { "os.system", new PickleBuilder().Global("os", "system").Text("true").Op([0x85]).Op("R.").ToArray(),
            "asks for os.system: refused" },
        { "by stack", new PickleBuilder().Text("builtins").Text("eval").Op([0x93]).Op(".").ToArray(),
            "asks for builtins.eval: refused" },
        { "near miss", new PickleBuilder().Global("torch._utils", "_rebuild_tensor_v2.__globals__").Op(".").ToArray(),
            "__globals__: refused" },
        { "control characters", new PickleBuilder().Global("os\u001b[2J", "x").Op(".").ToArray(), "asks for os?[2J.x: refused" },
        { "inst", new PickleBuilder().Op("(ios\nsystem\n.").ToArray(), "INST asks for os.system: refused" },
        { "newobj", new PickleBuilder().Global("collections", "OrderedDict").Op(")").Op([0x81]).Op(".").ToArray(), "NEWOBJ" },
        { "obj", new PickleBuilder().Op("(").Global("collections", "OrderedDict").Op("o.").ToArray(), "OBJ" },
        { "extension", new PickleBuilder().Op([0x82, 1]).Op(".").ToArray(), "EXT" },
        { "a call of a string", new PickleBuilder().Text("os.system").Op(")R.").ToArray(), "a call of a string: refused" },
        { "a call of a storage type", new PickleBuilder().Global("torch", "FloatStorage").Op(")R.").ToArray(),
            "a call of StorageType with 0 arguments: refused" },
        { "state of a list", new PickleBuilder().Op("]}b.").ToArray(), "sets the state of a list: refused" },
        { "state of a class", new PickleBuilder().Global("collections", "OrderedDict").Op("}b.").ToArray(),
            "sets the state of a function or class: refused" },
        { "a module as persistent id", new PickleBuilder().Op("(").Text("module").Op("tQ.").ToArray(), "names no storage" },
        { "part of a storage",
            new PickleBuilder().Op("(").Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Number(2)
            .Op("(").Text("1").Number(0).Number(2).Op("ttQ.").ToArray(),
            "storage '0' is a part of another, as PyTorch before 0.4 wrote it: refused" },
        { "text protocol", new PickleBuilder().Op("I1\n.").ToArray(), "operation 0x49 is not among those" },
        { "protocol 9", new PickleBuilder().Op([0x80, 9]).Op("N.").ToArray(), "protocol 9" },
        { "huge string", new PickleBuilder().Op([(byte)'X', 255, 255, 255, 255]).ToArray(), "4294967295 bytes are declared" },
        { "negative string", new PickleBuilder().Op([(byte)'T', 255, 255, 255, 255]).ToArray(), "-1 bytes are declared" },
        { "no UTF-8", new PickleBuilder().Op([(byte)'U', 1, 0xff]).ToArray(), "no UTF-8" },
        { "endless name", new PickleBuilder().Op("cos").ToArray(), "a name does not end" },
        { "memo", new PickleBuilder().Op([(byte)'j', 255, 255, 255, 255]).ToArray(), "remembers 4294967295" },
        { "no mark", new PickleBuilder().Op("NNt.").ToArray(), "a mark that was never set" },
        { "empty stack", new PickleBuilder().Op("R").ToArray(), "takes a value where none is" },
        { "across a mark", new PickleBuilder().Op("N(Na.").ToArray(), "takes a value where none is" },
        { "list as key", new PickleBuilder().Op("}]Ns.").ToArray(), "a list as a key" },
        { "odd items", new PickleBuilder().Op("}(NNNu.").ToArray(), "a key without a value" },
        { "no end", new PickleBuilder().Op("N").ToArray(), "1 bytes are declared where 0 are left" },
        { "not weights", new PickleBuilder().Text("weights").Op(".").ToArray(), "holds no named tensors" },
        { "without its data", PickleBuilder.OneTensor(2, 0, [2], [1]), "'0'" },
        { "beyond its storage", PickleBuilder.OneTensor(6, 1, [2, 3], [3, 1]), "its storage of 6 elements does not hold" },
        { "expanded without end", PickleBuilder.OneTensor(1, 0, [1L << 40], [0]), "an expanded view [1099511627776] of 1 elements; save it with .contiguous()" },
        { "overflowing", PickleBuilder.OneTensor(long.MaxValue, 0, [long.MaxValue, long.MaxValue, 4], [1, 1, 1]),
            "does not hold" },
        { "overflowing bytes", PickleBuilder.OneTensor(long.MaxValue, 0, [long.MaxValue], [1], "DoubleStorage"), "'0'" },
        { "negative size", PickleBuilder.OneTensor(6, 0, [-2], [1]), "a negative size" },
        { "negative stride", PickleBuilder.OneTensor(6, 5, [2], [-1]), "a negative size, stride" },
        { "sizes without strides", PickleBuilder.OneTensor(6, 0, [2, 3], [1]), "2 sizes and 1 strides" },
        { "unknown type", PickleBuilder.OneTensor(6, 0, [2], [1], "ComplexFloatStorage"), "torch.ComplexFloatStorage: refused" },
    };

    [Theory, MemberData(nameof(Crafted))]
    public void Read_ACraftedPickle_IsRefusedInBothForms(string what, byte[] pickle, string because)
    {
        foreach (var file in new[] { PickleBuilder.Zip(pickle), PickleBuilder.Legacy(pickle) })
        {
            var e = Assert.Throws<InvalidDataException>(() => Read(file));
            Assert.True(e.Message.StartsWith("x.pth: ", StringComparison.Ordinal), $"{what}: {e.Message}");
            // After the pickle of a damaged legacy file more bytes follow: what is declared differs, what is wrong does not.
            if (!because.EndsWith("left", StringComparison.Ordinal))
                Assert.Contains(because, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_MoreOperationsThanWeightsNeed_IsRefused()
    {
        var pickle = new PickleBuilder().Op([.. Enumerable.Repeat((byte)']', Unpickler.MostOperations)]).ToArray();
        Assert.Contains("pickle operations", Assert.Throws<InvalidDataException>(() => Read(PickleBuilder.Zip(pickle))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AListCopiedAgainAndAgain_CostsAsManyOperationsAsItHasPairs()
    {
        const int pairs = 10_000, calls = 2_000;
        var p = new PickleBuilder().Op("](");
        for (int i = 0; i < pairs; i++) p.Number(i).Op([(byte)'N', 0x86]);
        p.Op("e").Op([0x85, (byte)'q', 0, (byte)'(']).Global("collections", "OrderedDict").Op([(byte)'q', 1]);
        for (int i = 0; i < calls; i++) p.Op([(byte)'h', 1, (byte)'h', 0, (byte)'R']);
        var file = PickleBuilder.Zip(p.Op("t.").ToArray());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<InvalidDataException>(() => Read(file));
        Assert.Contains("pickle operations", e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000_000);
    }

    [Fact]
    public void Read_ALongKeyUsedAgainAndAgain_CostsOperations()
    {
        var p = new PickleBuilder().Op("}").Text(new string('k', 1_000_000)).Op([(byte)'q', 0]).Op("Ns");
        for (int i = 0; i < 1_000; i++) p.Op([(byte)'h', 0]).Op("Ns");
        var e = Assert.Throws<InvalidDataException>(() => Read(PickleBuilder.Zip(p.Op(".").ToArray())));
        Assert.Contains("pickle operations", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PickleKeyComparer_IntegersWhoseOwnHashesAreEqual_TellsThemApart()
    {
        long[] keys = [.. Enumerable.Range(0, 1_000).Select(i => (long)i << 32 | (uint)i)];
        Assert.Single(keys.Select(k => k.GetHashCode()).Distinct());
        Assert.InRange(keys.Select(k => PickleKeyComparer.Instance.GetHashCode(k)).Distinct().Count(), 990, 1_000);
        Assert.True(PickleKeyComparer.Instance.Equals(keys[5], (object)keys[5]));
    }

    [Fact]
    public void Read_AZipWithOneNameTwice_IsRefused()
    {
        using var grown = new MemoryStream();
        grown.Write(PickleBuilder.Zip(PickleBuilder.OneTensor(2, 0, [2], [1]), new byte[8]));
        using (var zip = new ZipArchive(grown, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("archive/data/0", CompressionLevel.NoCompression).Open();
            entry.Write([0, 0, 128, 63, 0, 0, 0, 64]);
        }
        Assert.Equal("x.pth: 'archive/data/0' stands twice in the zip: refused; save the weights anew",
            Assert.Throws<InvalidDataException>(() => Read(grown.ToArray())).Message);
    }

    /// <summary>Trainings save an accuracy beside the network, often as a tensor.</summary>
    [Fact]
    public void Read_ATensorBesideTheStateDictionary_IsNotTheNetwork()
    {
        static PickleBuilder Tensor(PickleBuilder p, int offset, Action<PickleBuilder> size, Action<PickleBuilder> stride)
        {
            p.Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage("FloatStorage", "0", 3).Number(offset).Op("(");
            size(p);
            p.Op("t(");
            stride(p);
            return p.Op("t").Op([0x89, (byte)'}']).Op("tRs");
        }
        var pickle = new PickleBuilder().Op("}").Text("best_acc1");
        Tensor(pickle, 0, _ => { }, _ => { }).Text("state_dict").Op("}").Text("w");
        Tensor(pickle, 1, p => p.Number(2), p => p.Number(1)).Op("s.");
        var read = Read(PickleBuilder.Zip(pickle.ToArray(), [0, 0, 64, 64, 0, 0, 128, 63, 0, 0, 0, 64]));
        Assert.Equal([1, 2], Values(Assert.Single(read).Value));
        Assert.Equal("w", read.Keys.Single());
    }

    [Fact]
    public void Read_ContainersThatHoldThemselves_Ends()
    {
        // d = {}; d["state_dict"] = d; d["l"] = [that list itself].
        var pickle = new PickleBuilder().Op([(byte)'}', (byte)'q', 0]).Text("state_dict").Op([(byte)'h', 0]).Op("s")
            .Text("l").Op([(byte)']', (byte)'q', 1, (byte)'h', 1]).Op("as.").ToArray();
        Assert.Contains("no named tensors", Assert.Throws<InvalidDataException>(() => Read(PickleBuilder.Zip(pickle))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ADeflatedZip_IsRefused_SoThatNoEntryOutgrowsTheFile()
    {
        var zip = PickleBuilder.Zip(PickleBuilder.OneTensor(100_000, 0, [100_000], [1]), new byte[400_000],
            CompressionLevel.Optimal);
        Assert.Contains("refused", Assert.Throws<InvalidDataException>(() => Read(zip)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyOverlappingViews_StopsAtAMultipleOfTheFile()
    {
        // Two hundred transposed views of one storage of 40 kB.
        var p = new PickleBuilder().Op("}");
        for (int i = 0; i < 200; i++)
        {
            p.Text($"w{i}").Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage("FloatStorage", "0", 10_000).Number(0)
                .Op("(").Number(100).Number(100).Op("t(").Number(1).Number(100).Op("t").Op([0x89, (byte)'}']).Op("tRs");
        }
        var e = Assert.Throws<InvalidDataException>(() => Read(PickleBuilder.Zip(p.Op(".").ToArray(), new byte[40_000])));
        Assert.Contains("larger than the file by far", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AStorageOfAnotherLengthThanDeclared_IsRefused()
    {
        var pickle = PickleBuilder.OneTensor(2, 0, [2], [1]);
        Assert.Contains("storage '0' has 12 bytes where 2 F32 are declared",
            Assert.Throws<InvalidDataException>(() => Read(PickleBuilder.Zip(pickle, new byte[12]))).Message,
                StringComparison.Ordinal);
        Assert.Contains("storage '0' has 3 elements where 2 are declared",
            Assert.Throws<InvalidDataException>(() => Read(PickleBuilder.Legacy(pickle, ("0", 3, new byte[12])))).Message,
                StringComparison.Ordinal);
    }

    [Theory, InlineData("not a file of weights"), InlineData(""), InlineData("PK\u0003\u0004")]
    public void Read_SomethingElse_SaysSo(string text)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(path, text);
        try
        {
            Assert.StartsWith(path, Assert.Throws<InvalidDataException>(() => WeightsFile.Read(path)).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
